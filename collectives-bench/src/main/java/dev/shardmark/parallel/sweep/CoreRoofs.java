package dev.shardmark.parallel.sweep;

import dev.shardmark.kernels.Work;
import dev.shardmark.kernels.roof.FmaLoop;
import dev.shardmark.kernels.roof.ReadLoop;
import dev.shardmark.kernels.roof.RoofLoop;
import java.util.function.IntFunction;

/**
 * The ceilings of one core, measured in the process that times: what it computes from registers,
 * and what it reads from memory.
 *
 * @param gflops multiply-adds, 2 flop each
 * @param readGBs 1e9 bytes a second
 */
public record CoreRoofs(double gflops, double readGBs) {
  private static final long FOOTPRINT_BYTES = 512L << 20;
  private static final int TRIES = 7;
  private static final int FMA_PASSES = 3_000;

  /** The best of some tries. */
  public static CoreRoofs measure() {
    double gflops = best(new FmaLoop(), FMA_PASSES, passes -> flop(FmaLoop.work(passes)));
    double readGBs =
        best(
            new ReadLoop(FOOTPRINT_BYTES),
            1,
            passes -> bytes(ReadLoop.work(FOOTPRINT_BYTES, passes)));
    return new CoreRoofs(gflops, readGBs);
  }

  private static double flop(Work work) {
    return work.flop();
  }

  private static double bytes(Work work) {
    return work.bytes();
  }

  private static double best(RoofLoop loop, int passes, IntFunction<Double> work) {
    loop.verify();
    double best = 0;
    for (int i = 0; i < TRIES; i++) {
      long startNs = System.nanoTime();
      loop.run(passes);
      best = Math.max(best, work.apply(passes) / (System.nanoTime() - startNs));
    }
    return best;
  }
}
