package dev.shardmark.kernels;

import dev.shardmark.kernels.gemm.Gemm;
import dev.shardmark.kernels.gemm.ScalarGemm;
import dev.shardmark.kernels.gemm.VectorGemm;
import dev.shardmark.kernels.peer.OpenBlasGemm;
import dev.shardmark.kernels.peer.PeerUnavailableException;

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
}
