package dev.shardmark.kernels.softmax;

import static dev.shardmark.kernels.AlignedFloats.START;
import static dev.shardmark.kernels.Species.LANES;

import dev.shardmark.kernels.AlignedFloats;
import dev.shardmark.kernels.math.VectorExp;

/**
 * The sum of e^(scale x - m) over a row, which is S when m is the row's {@link RowMaximum}.
 *
 * <p>With vectors, in blocks whose powers stay in L1 and are forgotten.
 */
public final class PowerSum {
  private static final int BLOCK = 512;

  private final float[] powers = AlignedFloats.allocate(BLOCK);
  private final float[] lanes = new float[LANES];

  /** In plain Java, with {@link Math#exp}. */
  public static float scalar(float scale, float[] x, int at, int n, float m) {
    float s = 0;
    for (int j = 0; j < n; j++) {
      s += (float) Math.exp(x[at + j] * scale - m);
    }
    return s;
  }

  /** With vectors. */
  public float of(float scale, float[] x, int at, int n, float m) {
    float s = 0;
    for (int j = 0; j < n; j += BLOCK) {
      s += VectorExp.row(scale, x, at + j, m, powers, START, Math.min(BLOCK, n - j), lanes);
    }
    return s;
  }
}
