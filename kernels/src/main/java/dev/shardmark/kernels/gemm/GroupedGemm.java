package dev.shardmark.kernels.gemm;

import dev.shardmark.kernels.Matrix;
import dev.shardmark.kernels.Work;
import java.util.List;

/**
 * A product for each group of rows, {@code C_e = A_e * B_e}: the linears of experts, whose rows
 * were sorted by expert.
 *
 * <p><b>Shapes</b> A is (m, k), C is (m, n), and E packed B_e are (k, n) each; row-major, strides
 * in elements. A_e and C_e are the rows {@code offsets[e]} up to {@code offsets[e + 1]} of A and C;
 * offsets, as {@code Permutation.offset} gives them, are E + 1, start at 0, never fall and end at
 * m. C must not overlap A.
 *
 * <p><b>Edge cases</b> m and n may be 0, and so may k: then C becomes 0. A group may be empty; its
 * weights are not read. C is written but never read, so it may hold NaN. NaN of A stay in their
 * row. Elements between the rows of a strided view are neither read nor written.
 *
 * <p><b>Error</b> {@link Gemm}'s with alpha = 1 and beta = 0, for the values {@link
 * PackedMatrix#unpacked} gives.
 *
 * <p><b>Work</b> {@link #work}: 2 m n k flop; A read and C written once, and the weights of groups
 * that have rows read once, without the scales of integer formats.
 *
 * <p><b>Threading</b> one thread, one instance per rank: an instance may own scratch.
 *
 * <p><b>Source</b> T. Gale et al., MegaBlocks: Efficient Sparse Training with Mixture-of-Experts,
 * arXiv 2211.15841, 2022: experts of unequal load without padding or dropping.
 */
public interface GroupedGemm {
  /**
   * Multiplies.
   *
   * @throws IllegalArgumentException if the shapes disagree or the offsets do not cut the rows
   */
  void multiply(Matrix a, int[] offsets, List<PackedMatrix> b, Matrix c);

  /** The work of one call. */
  static Work work(int[] offsets, long n, long k, WeightFormat format) {
    long m = offsets[offsets.length - 1];
    long used = 0;
    for (int e = 0; e + 1 < offsets.length; e++) {
      used += offsets[e] < offsets[e + 1] ? 1 : 0;
    }
    return new Work(2 * m * n * k, 4 * m * (k + n) + used * format.bytes() * k * n);
  }

  /** Checks that everything fits together. */
  static void check(Matrix a, int[] offsets, List<PackedMatrix> b, Matrix c) {
    checkOffsets(offsets, b.size(), c.rows());
    boolean fits = a.rows() == c.rows();
    for (int e = 0; e < b.size(); e++) {
      fits &= b.get(e).rows() == a.cols() && b.get(e).cols() == c.cols();
      if (!fits) {
        throw new IllegalArgumentException(
            "shapes disagree: A is "
                + a.rows()
                + "x"
                + a.cols()
                + ", C is "
                + c.rows()
                + "x"
                + c.cols()
                + ", B of group "
                + e
                + " is "
                + b.get(e).rows()
                + "x"
                + b.get(e).cols());
      }
    }
  }

  private static void checkOffsets(int[] offsets, int groups, int rows) {
    if (groups < 1 || offsets.length != groups + 1) {
      throw new IllegalArgumentException(
          "offsets must be one more than groups: offsets.length="
              + offsets.length
              + " groups="
              + groups);
    }
    for (int e = 0; e < groups; e++) {
      if (offsets[e] > offsets[e + 1]) {
        throw new IllegalArgumentException(
            "offsets must not fall: group=" + e + " from=" + offsets[e] + " to=" + offsets[e + 1]);
      }
    }
    if (offsets[0] != 0 || offsets[groups] != rows) {
      throw new IllegalArgumentException(
          "offsets must run from 0 to the rows: first="
              + offsets[0]
              + " last="
              + offsets[groups]
              + " rows="
              + rows);
    }
  }
}
