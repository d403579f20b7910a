package dev.shardmark.kernels.roof;

import static dev.shardmark.kernels.Species.F;
import static dev.shardmark.kernels.Species.LANES;

import dev.shardmark.kernels.Work;
import jdk.incubator.vector.FloatVector;

/** Copy bandwidth: {@code c = a}, 8 bytes an element. */
public final class CopyLoop implements RoofLoop {
  private static final int STEP = 4 * LANES;

  private final StreamArray a;
  private final StreamArray c;

  /** Over two arrays of about {@code footprintBytes} together. */
  public CopyLoop(long footprintBytes) {
    a = new StreamArray(footprintBytes / 2, STEP, 1);
    c = new StreamArray(footprintBytes / 2, STEP, 0);
  }

  /** The work of {@code passes} of a loop of this footprint. */
  public static Work work(long footprintBytes, int passes) {
    long elements = (long) passes * StreamArray.length(footprintBytes / 2, STEP);
    return new Work(0, 8 * elements);
  }

  @Override
  public void verify() {
    run(1);
    RoofLoop.require(c.holds(1), this);
  }

  @Override
  public double run(int passes) {
    for (int pass = 0; pass < passes; pass++) {
      copy(a.data(), c.data(), a.start(), a.end());
    }
    return c.data()[c.end() - 1];
  }

  private static void copy(float[] a, float[] c, int start, int end) {
    for (int i = start; i < end; i += STEP) {
      FloatVector.fromArray(F, a, i).intoArray(c, i);
      FloatVector.fromArray(F, a, i + LANES).intoArray(c, i + LANES);
      FloatVector.fromArray(F, a, i + 2 * LANES).intoArray(c, i + 2 * LANES);
      FloatVector.fromArray(F, a, i + 3 * LANES).intoArray(c, i + 3 * LANES);
    }
  }
}
