package dev.shardmark.kernels.rope;

import dev.shardmark.kernels.Expected;
import dev.shardmark.kernels.Matrix;
import dev.shardmark.kernels.Rounding;

/** The oracle of {@link Rope}: the rotation of each pair in double, with its bound. */
public final class ReferenceRope {
  private ReferenceRope() {}

  /** What {@code rotate} should leave in x; x itself is not changed. */
  public static Expected rotate(
      RopeLayout layout, Matrix x, int headDim, int[] positions, RopeTable table) {
    Rope.check(x, headDim, positions, table);
    Expected y = Expected.zeros(x.rows(), x.cols());
    for (int t = 0; t < x.rows(); t++) {
      for (int j = 0; j < x.cols(); j++) {
        y.set(t * x.cols() + j, x.at(t, j), 0);
      }
      for (int head = 0; head < x.cols(); head += headDim) {
        for (int i = 0; i < table.pairs(); i++) {
          int first = head + layout.first(i);
          int second = head + layout.second(i, table.pairs());
          double a = x.at(t, first);
          double b = x.at(t, second);
          double cos = table.cos().at(positions[t], i);
          double sin = table.sin().at(positions[t], i);
          double g = Rounding.gamma(2);
          y.set(
              t * x.cols() + first, a * cos - b * sin, g * (Math.abs(a * cos) + Math.abs(b * sin)));
          y.set(
              t * x.cols() + second,
              a * sin + b * cos,
              g * (Math.abs(a * sin) + Math.abs(b * cos)));
        }
      }
    }
    return y;
  }
}
