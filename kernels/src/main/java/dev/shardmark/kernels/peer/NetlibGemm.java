package dev.shardmark.kernels.peer;

import dev.shardmark.kernels.Matrix;
import dev.shardmark.kernels.gemm.Gemm;
import dev.shardmark.kernels.gemm.Op;

/**
 * {@link Gemm} by the Vector API code of netlib, on one thread.
 *
 * <p>Netlib leaves its vectors and multiplies by scalar loops where m n k, in an {@code int} that
 * may overflow, is below a million: not only small products but cubes of 1291 to 1625, 2000, 2048,
 * 2500 and 4096 too, and 512 x 1792 x 4096. A figure at one of these says nothing about its
 * vectors. It allocates its packing arrays in every call.
 */
public final class NetlibGemm implements Gemm {
  private final Netlib.Sgemm sgemm = Netlib.here().sgemm();

  /**
   * Version and class of the library of this process.
   *
   * @throws PeerUnavailableException one sentence, if there is none
   */
  public static String description() {
    return Netlib.here().description();
  }

  @Override
  public void multiply(float alpha, Op opA, Matrix a, Op opB, Matrix b, float beta, Matrix c) {
    Gemm.checkShapes(opA, a, opB, b, c);
    if (c.rows() == 0 || c.cols() == 0) {
      return;
    }
    // By columns a row-major matrix is its transpose, and C' = op(B)' op(A)'.
    sgemm.multiply(
        trans(opB),
        trans(opA),
        c.cols(),
        c.rows(),
        opA.cols(a),
        alpha,
        b.data(),
        b.offset(),
        HeapOperand.stride(b),
        a.data(),
        a.offset(),
        HeapOperand.stride(a),
        beta,
        c.data(),
        c.offset(),
        HeapOperand.stride(c));
  }

  private static String trans(Op op) {
    return op == Op.TRANSPOSED ? "T" : "N";
  }
}
