package dev.shardmark.kernels;

import dev.shardmark.kernels.gemm.Gemm;
import dev.shardmark.kernels.gemm.ScalarGemm;
import dev.shardmark.kernels.gemm.VectorGemm;
import dev.shardmark.kernels.peer.OpenBlasGemm;
import dev.shardmark.kernels.peer.PeerUnavailableException;
import dev.shardmark.kernels.softmax.ScalarSoftmax;
import dev.shardmark.kernels.softmax.Softmax;
import dev.shardmark.kernels.softmax.ThreePassVectorSoftmax;

/** Selection: a new kernel of the asked variant, never another. One instance per rank. */
public final class Kernels {
  private Kernels() {}

  /**
   * A matrix multiply of this variant.
   *
   * @throws PeerUnavailableException one sentence, if the variant's library is not here
   */
  public static Gemm gemm(Variant variant) {
    return switch (variant) {
      case SCALAR -> new ScalarGemm();
      case VECTOR -> new VectorGemm();
      case OPENBLAS -> new OpenBlasGemm();
    };
  }

  /** A softmax of this variant. */
  public static Softmax softmax(Variant variant) {
    return switch (variant) {
      case SCALAR -> new ScalarSoftmax();
      case VECTOR -> new ThreePassVectorSoftmax();
      case OPENBLAS -> throw lacks(variant, "softmax");
    };
  }

  private static IllegalArgumentException lacks(Variant variant, String kernel) {
    return new IllegalArgumentException(
        "a variant must have the kernel: variant=" + variant.parameter() + " kernel=" + kernel);
  }
}
