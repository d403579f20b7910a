package dev.shardmark.kernels.softmax;

import static dev.shardmark.kernels.Species.F;
import static dev.shardmark.kernels.Species.LANES;

import dev.shardmark.kernels.LaneSum;
import dev.shardmark.kernels.Species;
import dev.shardmark.kernels.math.VectorExp;
import jdk.incubator.vector.FloatVector;

/** The sum of e^(scale x - m) over a row, which is S when m is the row's {@link RowMaximum}. */
public final class PowerSum {
  private PowerSum() {}

  /** In plain Java, with {@link Math#exp}. */
  public static float scalar(float scale, float[] x, int at, int n, float m) {
    float s = 0;
    for (int j = 0; j < n; j++) {
      s += (float) Math.exp(x[at + j] * scale - m);
    }
    return s;
  }

  /**
   * With vectors, the tail in plain Java.
   *
   * @param lanes scratch of {@link Species#LANES}
   */
  public static float vector(float scale, float[] x, int at, int n, float m, float[] lanes) {
    FloatVector acc = FloatVector.zero(F);
    int j = 0;
    for (; j <= n - LANES; j += LANES) {
      acc = acc.add(VectorExp.exp(FloatVector.fromArray(F, x, at + j).mul(scale).sub(m)));
    }
    acc.intoArray(lanes, 0);
    float s = LaneSum.of(lanes);
    for (; j < n; j++) {
      s += VectorExp.exp(x[at + j] * scale - m);
    }
    return s;
  }
}
