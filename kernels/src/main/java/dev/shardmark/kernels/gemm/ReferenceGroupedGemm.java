package dev.shardmark.kernels.gemm;

import dev.shardmark.kernels.Expected;
import dev.shardmark.kernels.Matrix;
import java.util.List;

/** The oracle of {@link GroupedGemm}: {@link ReferenceGemm} for the rows of each group. */
public final class ReferenceGroupedGemm {
  private ReferenceGroupedGemm() {}

  /** What {@code multiply} should leave in C. */
  public static Expected multiply(Matrix a, int[] offsets, List<PackedMatrix> b) {
    int n = b.getFirst().cols();
    int m = a.rows();
    Expected all = Expected.zeros(m, n);
    for (int e = 0; e < b.size(); e++) {
      Matrix rows = rows(a, offsets, e);
      Expected group =
          ReferenceGemm.multiply(
              1, Op.PLAIN, rows, Op.PLAIN, b.get(e).unpacked(), 0, Matrix.zeros(rows.rows(), n));
      System.arraycopy(group.value(), 0, all.value(), offsets[e] * n, rows.rows() * n);
      System.arraycopy(group.bound(), 0, all.bound(), offsets[e] * n, rows.rows() * n);
    }
    return all;
  }

  /**
   * The largest error over its bound of a product whose check must not take longer than its timing:
   * {@link GemmCheck#worstOfLarge} for each group that has rows.
   */
  public static double worstOfLarge(Matrix a, int[] offsets, List<PackedMatrix> b, Matrix c) {
    double worst = 0;
    for (int e = 0; e < b.size(); e++) {
      if (offsets[e] < offsets[e + 1]) {
        Matrix weights = b.get(e).unpacked();
        double group = GemmCheck.worstOfLarge(1, rows(a, offsets, e), weights, rows(c, offsets, e));
        worst = Math.max(worst, group);
      }
    }
    return worst;
  }

  /** The rows of a group. */
  private static Matrix rows(Matrix x, int[] offsets, int group) {
    int rows = offsets[group + 1] - offsets[group];
    int at = rows == 0 ? x.offset() : x.offset() + offsets[group] * x.rowStride();
    return new Matrix(x.data(), at, rows, x.cols(), x.rowStride());
  }
}
