package dev.shardmark.collectives.barrier;

import dev.shardmark.collectives.Rank;

/**
 * In step k, rank r sends an empty message to r + 2^k and waits for the one of r - 2^k, ranks
 * modulo p: ceil(log2 p) steps.
 *
 * <p><b>Source</b> D. Hensgen, R. Finkel and U. Manber, Two algorithms for barrier synchronization,
 * International Journal of Parallel Programming 17(1), 1988.
 */
public final class DisseminationBarrier implements Barrier {
  @Override
  public String parameter() {
    return "dissemination";
  }

  @Override
  public void run(Rank rank) {
    int p = rank.size();
    int step = 0;
    for (int distance = 1; distance < p; distance *= 2, step++) {
      int to = (rank.rank() + distance) % p;
      int from = (rank.rank() + p - distance) % p;
      rank.post(to, Rank.NOTHING, 0, 0, step);
      rank.take(from, 0, step).giveBack();
    }
  }
}
