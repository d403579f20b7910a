package dev.shardmark.kernels.gemm;

import dev.shardmark.kernels.AlignedFloats;
import dev.shardmark.kernels.Caches;
import dev.shardmark.kernels.Matrix;

/**
 * {@link Gemm} with the Vector API: unpacked for few rows of C, packed and blocked for many.
 *
 * <p>The register tile follows the vector registers: 12 x 2 where there are 32 of them (AVX-512,
 * and NEON's 128 bits), 6 x 2 where there are 16.
 */
public final class VectorGemm implements Gemm {
  /** Rows of C from which a packed copy of B pays. */
  static final int PACKED_FROM_ROWS = 12;

  private final Gemm packed;
  private final DotVectorGemm dot = new DotVectorGemm();
  private final int packedFromRows;
  private Matrix plainA = Matrix.zeros(0, 0);
  private Matrix transposedC = Matrix.zeros(0, 0);

  /** With scratch of its own. */
  public VectorGemm() {
    this(Blocking.of(Caches.here()));
  }

  /** With cache blocks of one's own choice. */
  public VectorGemm(Blocking blocking) {
    this(PACKED_FROM_ROWS, blocking);
  }

  VectorGemm(int packedFromRows) {
    this(packedFromRows, Blocking.of(Caches.here()));
  }

  private VectorGemm(int packedFromRows, Blocking blocking) {
    this.packedFromRows = packedFromRows;
    this.packed = new BlockedVectorGemm(MicroKernel.best(), blocking);
  }

  @Override
  public void multiply(float alpha, Op opA, Matrix a, Op opB, Matrix b, float beta, Matrix c) {
    Gemm.checkShapes(opA, a, opB, b, c);
    if (c.cols() < Math.min(packedFromRows, c.rows())) {
      exchanged(alpha, opA, a, opB, b, beta, c);
      return;
    }
    if (c.rows() >= packedFromRows) {
      packed.multiply(alpha, opA, a, opB, b, beta, c);
      return;
    }
    Matrix rows = opA == Op.PLAIN ? a : transposed(a);
    if (opB == Op.PLAIN) {
      SkinnyVectorGemm.multiply(alpha, rows, b, beta, c);
    } else {
      dot.multiply(alpha, rows, b, beta, c);
    }
  }

  /**
   * Few columns: the transpose of C has few rows, and is the product of the transposes in the other
   * order. For one column of C and A as it is stored, rows of A are read once, as dot products.
   */
  private void exchanged(float alpha, Op opA, Matrix a, Op opB, Matrix b, float beta, Matrix c) {
    if (transposedC.rows() != c.cols() || transposedC.cols() != c.rows()) {
      transposedC = Matrix.zeros(c.cols(), c.rows());
    }
    Matrix t = transposedC;
    multiply(alpha, opB.flipped(), b, opA.flipped(), a, 0, t);
    for (int i = 0; i < c.rows(); i++) {
      int to = c.offset() + i * c.rowStride();
      for (int j = 0; j < c.cols(); j++) {
        float sum = t.data()[t.offset() + j * t.rowStride() + i];
        c.data()[to + j] = beta == 0 ? sum : Math.fma(beta, c.data()[to + j], sum);
      }
    }
  }

  /** A copy of few columns as rows, in scratch that grows to the largest seen. */
  private Matrix transposed(Matrix a) {
    int length = a.rows() * a.cols();
    float[] data = plainA.data();
    if (data.length < AlignedFloats.START + length) {
      data = AlignedFloats.allocate(length);
    }
    if (plainA.data() != data || plainA.rows() != a.cols() || plainA.cols() != a.rows()) {
      plainA = new Matrix(data, AlignedFloats.START, a.cols(), a.rows(), a.rows());
    }
    for (int p = 0; p < a.rows(); p++) {
      int from = a.offset() + p * a.rowStride();
      for (int i = 0; i < a.cols(); i++) {
        data[AlignedFloats.START + i * a.rows() + p] = a.data()[from + i];
      }
    }
    return plainA;
  }
}
