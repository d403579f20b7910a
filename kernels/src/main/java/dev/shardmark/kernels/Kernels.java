package dev.shardmark.kernels;

import dev.shardmark.kernels.attention.Attention;
import dev.shardmark.kernels.attention.ScalarAttention;
import dev.shardmark.kernels.attention.VectorAttention;
import dev.shardmark.kernels.gemm.Gemm;
import dev.shardmark.kernels.gemm.ScalarGemm;
import dev.shardmark.kernels.gemm.VectorGemm;

/** Selection: a new kernel of the asked variant, never another. One instance per rank. */
public final class Kernels {
  private Kernels() {}

  /** A matrix multiply of this variant. */
  public static Gemm gemm(Variant variant) {
    return switch (variant) {
      case SCALAR -> new ScalarGemm();
      case VECTOR -> new VectorGemm();
    };
  }

  /** An attention of this variant. */
  public static Attention attention(Variant variant) {
    return switch (variant) {
      case SCALAR -> new ScalarAttention();
      case VECTOR -> new VectorAttention();
    };
  }
}
