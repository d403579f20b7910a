package dev.shardmark.collectives.sweep;

import dev.shardmark.collectives.RankGroup;
import dev.shardmark.kernels.roof.CopyLoop;

/** What the ranks of a group copy together, from memory to memory: the roof of large messages. */
public final class MemoryRoof {
  /** Of all ranks together: beyond the caches of most machines. */
  private static final long FOOTPRINT_BYTES = 512L << 20;

  private static final int TRIES = 7;

  private MemoryRoof() {}

  /** The best of some tries, in 1e9 bytes a second, loads and stores of payload alone. */
  public static double copyGBs(RankGroup group) {
    long each = FOOTPRINT_BYTES / group.size();
    CopyLoop[] loops = new CopyLoop[group.size()];
    group.run(
        rank -> {
          loops[rank.rank()] = new CopyLoop(each);
          loops[rank.rank()].verify();
        });
    double bytes = (double) CopyLoop.work(each, 1).bytes() * group.size();
    double best = 0;
    for (int i = 0; i < TRIES; i++) {
      long startNs = System.nanoTime();
      group.run(rank -> loops[rank.rank()].run(1));
      best = Math.max(best, bytes / (System.nanoTime() - startNs));
    }
    return best;
  }
}
