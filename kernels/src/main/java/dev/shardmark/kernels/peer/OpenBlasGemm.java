package dev.shardmark.kernels.peer;

import dev.shardmark.kernels.Matrix;
import dev.shardmark.kernels.gemm.Gemm;
import dev.shardmark.kernels.gemm.Op;

/**
 * {@link Gemm} by OpenBLAS's {@code cblas_sgemm} on one thread; arrays are passed without a copy.
 */
public final class OpenBlasGemm implements Gemm {
  private final OpenBlas library = OpenBlas.here();

  /**
   * Version and kernels of the library of this process.
   *
   * @throws PeerUnavailableException one sentence, if there is none
   */
  public static String description() {
    return OpenBlas.here().description();
  }

  @Override
  public void multiply(float alpha, Op opA, Matrix a, Op opB, Matrix b, float beta, Matrix c) {
    Gemm.checkShapes(opA, a, opB, b, c);
    if (c.rows() == 0 || c.cols() == 0) {
      return;
    }
    library.sgemm(alpha, opA, a, opB, b, beta, c);
  }
}
