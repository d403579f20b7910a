package dev.shardmark.kernels.roof;

import static dev.shardmark.kernels.Species.F;
import static dev.shardmark.kernels.Species.LANES;

import dev.shardmark.kernels.Work;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;

/**
 * Read bandwidth: the sum of an array, 4 bytes an element. Eight accumulators hide an add's latency
 * of 3 to 4 cycles at two loads a cycle.
 */
public final class ReadLoop implements RoofLoop {
  private static final int STEP = 8 * LANES;

  private final StreamArray a;

  /** Over an array of about {@code footprintBytes}. */
  public ReadLoop(long footprintBytes) {
    a = new StreamArray(footprintBytes, STEP, 1);
  }

  /** The work of {@code passes} of a loop of this footprint. */
  public static Work work(long footprintBytes, int passes) {
    long elements = (long) passes * StreamArray.length(footprintBytes, STEP);
    return new Work(elements, 4 * elements);
  }

  @Override
  public void verify() {
    RoofLoop.require(run(1) == a.length(), this);
  }

  @Override
  public double run(int passes) {
    double sum = 0;
    for (int pass = 0; pass < passes; pass++) {
      sum += sum(a.data(), a.start(), a.end());
    }
    return sum;
  }

  /** Exact up to 2^27 elements: every partial sum is a multiple of 8 below 2^27. */
  private static float sum(float[] a, int start, int end) {
    FloatVector s0 = FloatVector.zero(F);
    FloatVector s1 = s0;
    FloatVector s2 = s0;
    FloatVector s3 = s0;
    FloatVector s4 = s0;
    FloatVector s5 = s0;
    FloatVector s6 = s0;
    FloatVector s7 = s0;
    for (int i = start; i < end; i += STEP) {
      s0 = s0.add(FloatVector.fromArray(F, a, i));
      s1 = s1.add(FloatVector.fromArray(F, a, i + LANES));
      s2 = s2.add(FloatVector.fromArray(F, a, i + 2 * LANES));
      s3 = s3.add(FloatVector.fromArray(F, a, i + 3 * LANES));
      s4 = s4.add(FloatVector.fromArray(F, a, i + 4 * LANES));
      s5 = s5.add(FloatVector.fromArray(F, a, i + 5 * LANES));
      s6 = s6.add(FloatVector.fromArray(F, a, i + 6 * LANES));
      s7 = s7.add(FloatVector.fromArray(F, a, i + 7 * LANES));
    }
    FloatVector left = s0.add(s1).add(s2.add(s3));
    FloatVector right = s4.add(s5).add(s6.add(s7));
    return left.add(right).reduceLanes(VectorOperators.ADD);
  }
}
