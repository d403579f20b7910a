package dev.shardmark.kernels.gemm;

import dev.shardmark.kernels.Work;

/**
 * As many products of one shape as a batch has, {@code C_i = alpha * op(A_i) * op(B_i) + beta *
 * C_i}, by any {@link Gemm}: one head after the other, one sequence after the other.
 *
 * <p><b>Shapes</b> those of {@link Gemm} for each i. Batches are equally long. A batch of A or B
 * with stride 0 is one operand that all products share; the C_i must not overlap each other, nor an
 * operand.
 *
 * <p><b>Edge cases</b> a batch may be empty; otherwise those of {@link Gemm}.
 *
 * <p><b>Error</b> that of {@link Gemm} for each product.
 *
 * <p><b>Work</b> {@link #work}: 2 m n k flop for each product; every distinct element of A and B
 * read once and C written once.
 *
 * <p><b>Threading</b> one thread, one instance per rank.
 *
 * <p><b>Source</b> J. Dongarra et al., Optimized Batched Linear Algebra for Modern Architectures,
 * Euro-Par 2017.
 */
public final class BatchedGemm {
  private final Gemm gemm;

  /** Products by this kernel. */
  public BatchedGemm(Gemm gemm) {
    this.gemm = gemm;
  }

  /**
   * Multiplies.
   *
   * @throws IllegalArgumentException if the batches or the shapes disagree, or results overlap
   */
  public void multiply(
      float alpha, Op opA, MatrixBatch a, Op opB, MatrixBatch b, float beta, MatrixBatch c) {
    if (a.count() != c.count() || b.count() != c.count()) {
      throw new IllegalArgumentException(
          "batches must be equally long: A=" + a.count() + " B=" + b.count() + " C=" + c.count());
    }
    if (!c.disjoint()) {
      throw new IllegalArgumentException("results must not overlap: batch=" + c.count());
    }
    for (int i = 0; i < c.count(); i++) {
      gemm.multiply(alpha, opA, a.get(i), opB, b.get(i), beta, c.get(i));
    }
  }

  /** The work of one call with beta = 0. */
  public static Work work(Op opA, MatrixBatch a, MatrixBatch b, MatrixBatch c) {
    long k = a.count() == 0 ? 0 : opA.cols(a.get(0));
    return new Work(2 * c.elements() * k, 4 * (a.elements() + b.elements() + c.elements()));
  }
}
