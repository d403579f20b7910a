package dev.shardmark.kernels;

import dev.shardmark.kernels.gemm.Gemm;
import dev.shardmark.kernels.gemm.ScalarGemm;
import dev.shardmark.kernels.gemm.VectorGemm;
import dev.shardmark.kernels.norm.LayerNorm;
import dev.shardmark.kernels.norm.RmsNorm;
import dev.shardmark.kernels.norm.ScalarLayerNorm;
import dev.shardmark.kernels.norm.ScalarRmsNorm;
import dev.shardmark.kernels.norm.VectorLayerNorm;
import dev.shardmark.kernels.norm.VectorRmsNorm;
import dev.shardmark.kernels.rope.HalfSplitVectorRope;
import dev.shardmark.kernels.rope.InterleavedVectorRope;
import dev.shardmark.kernels.rope.Rope;
import dev.shardmark.kernels.rope.RopeLayout;
import dev.shardmark.kernels.rope.ScalarRope;

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

  /** A root-mean-square normalisation of this variant. */
  public static RmsNorm rmsNorm(Variant variant) {
    return switch (variant) {
      case SCALAR -> new ScalarRmsNorm();
      case VECTOR -> new VectorRmsNorm();
    };
  }

  /** A layer normalisation of this variant. */
  public static LayerNorm layerNorm(Variant variant) {
    return switch (variant) {
      case SCALAR -> new ScalarLayerNorm();
      case VECTOR -> new VectorLayerNorm();
    };
  }

  /** A rotary embedding of this variant, for pairs laid out like this. */
  public static Rope rope(Variant variant, RopeLayout layout) {
    return switch (variant) {
      case SCALAR -> new ScalarRope(layout);
      case VECTOR ->
          switch (layout) {
            case INTERLEAVED -> new InterleavedVectorRope();
            case HALF_SPLIT -> new HalfSplitVectorRope();
          };
    };
  }
}
