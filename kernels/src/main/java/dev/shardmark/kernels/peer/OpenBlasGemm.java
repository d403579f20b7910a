package dev.shardmark.kernels.peer;

import dev.shardmark.kernels.Matrix;
import dev.shardmark.kernels.gemm.Gemm;
import dev.shardmark.kernels.gemm.Op;
import java.lang.foreign.MemorySegment;

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
    library.sgemm(
        opA == Op.TRANSPOSED,
        opB == Op.TRANSPOSED,
        c.rows(),
        c.cols(),
        opA.cols(a),
        alpha,
        segment(a),
        stride(a),
        segment(b),
        stride(b),
        beta,
        segment(c),
        stride(c));
  }

  /** From element (0, 0) to the end of the buffer; the shape was checked when the view was made. */
  private static MemorySegment segment(Matrix x) {
    return MemorySegment.ofArray(x.data()).asSlice((long) Float.BYTES * x.offset());
  }

  /** The library wants a positive leading dimension even of an operand without elements. */
  private static int stride(Matrix x) {
    return Math.max(1, x.rowStride());
  }
}
