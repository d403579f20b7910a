package dev.shardmark.kernels.roof;

import static dev.shardmark.kernels.Species.F;
import static dev.shardmark.kernels.Species.LANES;

import dev.shardmark.kernels.Work;
import jdk.incubator.vector.FloatVector;

/** Triad bandwidth: {@code c = a + 3 b}, 12 bytes an element. */
public final class TriadLoop implements RoofLoop {
  private static final int STEP = 4 * LANES;
  private static final float SCALE = 3;

  private final StreamArray a;
  private final StreamArray b;
  private final StreamArray c;

  /** Over three arrays of about {@code footprintBytes} together. */
  public TriadLoop(long footprintBytes) {
    a = new StreamArray(footprintBytes / 3, STEP, 1);
    b = new StreamArray(footprintBytes / 3, STEP, 2);
    c = new StreamArray(footprintBytes / 3, STEP, 0);
  }

  /** The work of {@code passes} of a loop of this footprint. */
  public static Work work(long footprintBytes, int passes) {
    long elements = (long) passes * StreamArray.length(footprintBytes / 3, STEP);
    return new Work(2 * elements, 12 * elements);
  }

  @Override
  public void verify() {
    run(1);
    RoofLoop.require(c.holds(1 + SCALE * 2), this);
  }

  @Override
  public double run(int passes) {
    for (int pass = 0; pass < passes; pass++) {
      triad(a.data(), b.data(), c.data(), a.start(), a.end());
    }
    return c.data()[c.end() - 1];
  }

  private static void triad(float[] a, float[] b, float[] c, int start, int end) {
    FloatVector scale = FloatVector.broadcast(F, SCALE);
    for (int i = start; i < end; i += STEP) {
      scale.fma(FloatVector.fromArray(F, b, i), FloatVector.fromArray(F, a, i)).intoArray(c, i);
      scale
          .fma(FloatVector.fromArray(F, b, i + LANES), FloatVector.fromArray(F, a, i + LANES))
          .intoArray(c, i + LANES);
      scale
          .fma(
              FloatVector.fromArray(F, b, i + 2 * LANES),
              FloatVector.fromArray(F, a, i + 2 * LANES))
          .intoArray(c, i + 2 * LANES);
      scale
          .fma(
              FloatVector.fromArray(F, b, i + 3 * LANES),
              FloatVector.fromArray(F, a, i + 3 * LANES))
          .intoArray(c, i + 3 * LANES);
    }
  }
}
