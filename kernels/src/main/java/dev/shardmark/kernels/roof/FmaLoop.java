package dev.shardmark.kernels.roof;

import static dev.shardmark.kernels.Species.F;
import static dev.shardmark.kernels.Species.LANES;

import dev.shardmark.kernels.Work;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;

/**
 * The compute roof of a core: fused multiply-adds that touch nothing but registers.
 *
 * <p>Twelve independent chains hide a latency of 4 to 5 cycles at two FMAs a cycle and, with their
 * two factors, fit the 16 registers of AVX2. They start from different values, for the compiler
 * merges equal ones, and the loop counts down by a step it cannot know, for it would unroll a
 * counted loop and line up each chain's steps one behind the other.
 */
public final class FmaLoop implements RoofLoop {
  private static final int CHAINS = 12;

  /** Steps of one pass; long enough that starting it costs nothing. */
  private static final int STEPS = 1 << 14;

  /** What a step adds to each lane; 2^14 of them make one. */
  private static final float ADDED = 0x1p-14f;

  private final long step;

  /** A loop over registers. */
  public FmaLoop() {
    step = 1;
  }

  /** The work of {@code passes}. */
  public static Work work(int passes) {
    return new Work(2L * passes * STEPS * CHAINS * LANES, 0);
  }

  /** Each chain starts at its number and grows by one. */
  @Override
  public void verify() {
    RoofLoop.require(run(1) == (CHAINS * (CHAINS - 1) / 2 + CHAINS) * LANES, this);
  }

  @Override
  public double run(int passes) {
    double sum = 0;
    for (int pass = 0; pass < passes; pass++) {
      sum += chains(STEPS, step);
    }
    return sum;
  }

  private static float chains(long steps, long step) {
    FloatVector x = FloatVector.broadcast(F, 0.5f);
    FloatVector y = FloatVector.broadcast(F, 2 * ADDED);
    FloatVector c0 = FloatVector.zero(F);
    FloatVector c1 = c0.add(1);
    FloatVector c2 = c1.add(1);
    FloatVector c3 = c2.add(1);
    FloatVector c4 = c3.add(1);
    FloatVector c5 = c4.add(1);
    FloatVector c6 = c5.add(1);
    FloatVector c7 = c6.add(1);
    FloatVector c8 = c7.add(1);
    FloatVector c9 = c8.add(1);
    FloatVector c10 = c9.add(1);
    FloatVector c11 = c10.add(1);
    for (long left = steps; left > 0; left -= step) {
      c0 = x.fma(y, c0);
      c1 = x.fma(y, c1);
      c2 = x.fma(y, c2);
      c3 = x.fma(y, c3);
      c4 = x.fma(y, c4);
      c5 = x.fma(y, c5);
      c6 = x.fma(y, c6);
      c7 = x.fma(y, c7);
      c8 = x.fma(y, c8);
      c9 = x.fma(y, c9);
      c10 = x.fma(y, c10);
      c11 = x.fma(y, c11);
    }
    FloatVector even = c0.add(c2).add(c4).add(c6).add(c8).add(c10);
    FloatVector odd = c1.add(c3).add(c5).add(c7).add(c9).add(c11);
    return even.add(odd).reduceLanes(VectorOperators.ADD);
  }
}
