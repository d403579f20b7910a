package dev.shardmark.kernels.peer;

import dev.shardmark.kernels.Matrix;
import dev.shardmark.kernels.gemm.Gemm;
import dev.shardmark.kernels.gemm.Op;
import dev.shardmark.kernels.gemm.Scaling;

/** {@link Gemm} by oneDNN's {@code dnnl_sgemm} on one thread; arrays are passed without a copy. */
public final class OneDnnGemm implements Gemm {
  private final OneDnn library = OneDnn.here();

  /**
   * Version and instruction set of the library of this process.
   *
   * @throws PeerUnavailableException one sentence, if there is none
   */
  public static String description() {
    return OneDnn.here().description();
  }

  @Override
  public void multiply(float alpha, Op opA, Matrix a, Op opB, Matrix b, float beta, Matrix c) {
    Gemm.checkShapes(opA, a, opB, b, c);
    if (c.rows() == 0 || c.cols() == 0) {
      return;
    }
    if (opA.cols(a) == 0) { // where oneDNN leaves C as it is
      for (int i = 0; i < c.rows(); i++) {
        Scaling.row(c.data(), c.offset() + i * c.rowStride(), c.cols(), beta);
      }
      return;
    }
    library.sgemm(alpha, opA, a, opB, b, beta, c);
  }
}
