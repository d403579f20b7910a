package dev.shardmark.collectives.broadcast;

import dev.shardmark.collectives.BinomialTree;
import dev.shardmark.collectives.Chunks;
import dev.shardmark.collectives.Elements;
import dev.shardmark.collectives.Rank;
import dev.shardmark.collectives.Traffic;

/**
 * Broadcast of large vectors: chunks are scattered down a {@link BinomialTree}, each rank getting
 * those of all below it, then gathered around a ring, from which a rank takes what it lacks.
 *
 * <p><b>Cost</b> ceil(log2 p) + p - 1 steps; no rank gets an element twice. The one numbered v from
 * the root, with the chunks of t ranks, sends t - 1 of them down, and p - t' on around the ring,
 * where t' is what its neighbour has: at most about 2 S (p - 1) / p bytes. Memory traffic 2 (p - 1)
 * S.
 *
 * <p><b>Order</b> nothing is combined.
 *
 * <p><b>Source</b> M. Barnett, S. Gupta, D. Payne, L. Shuler, R. van de Geijn and J. Watts,
 * Interprocessor collective communication library, Scalable High Performance Computing Conference
 * 1994; as in MPICH, but for what the ring leaves out.
 */
public final class ScatterAllGatherBroadcast implements Broadcast {
  @Override
  public String parameter() {
    return "scatter_all_gather";
  }

  @Override
  public void run(Rank rank, Elements buffer, int offset, int length, int root) {
    int p = rank.size();
    int number = BinomialTree.number(rank.rank(), root, p);
    scatter(rank, buffer, offset, length, root);
    gather(rank, buffer, offset, length, number);
    for (int distance = 1; distance < BinomialTree.members(number, p); distance *= 2) {
      int child = BinomialTree.rank(number + distance, root, p);
      rank.awaitReturn(child, BinomialTree.depth(p) + p - 2);
    }
    rank.awaitReturn((rank.rank() + 1) % p, BinomialTree.depth(p) + p - 2);
  }

  private static void scatter(Rank rank, Elements buffer, int offset, int length, int root) {
    int p = rank.size();
    int number = BinomialTree.number(rank.rank(), root, p);
    if (number > 0) {
      int reach = BinomialTree.reach(number, p);
      int parent = BinomialTree.rank(number - reach, root, p);
      int at = offset + Chunks.start(length, number, p);
      rank.takeInto(parent, buffer, at, held(length, number, p), BinomialTree.stepDown(reach, p));
    }
    for (int distance = BinomialTree.farthest(number, p); distance > 0; distance /= 2) {
      int below = number + distance;
      int child = BinomialTree.rank(below, root, p);
      int at = offset + Chunks.start(length, below, p);
      rank.post(child, buffer, at, held(length, below, p), BinomialTree.stepDown(distance, p));
    }
  }

  /** Each rank begins with its own chunk, so that the chunks the next one holds come last. */
  private static void gather(Rank rank, Elements buffer, int offset, int length, int number) {
    int p = rank.size();
    int next = (rank.rank() + 1) % p;
    int prev = (rank.rank() + p - 1) % p;
    int sends = p - BinomialTree.members((number + 1) % p, p);
    int takes = p - BinomialTree.members(number, p);
    for (int k = 0; k < p - 1; k++) {
      int step = BinomialTree.depth(p) + k;
      int sent = Math.floorMod(number - k, p);
      int taken = Math.floorMod(number - k - 1, p);
      if (k < sends) {
        int at = offset + Chunks.start(length, sent, p);
        rank.post(next, buffer, at, Chunks.length(length, sent, p), step);
      }
      if (k < takes) {
        int at = offset + Chunks.start(length, taken, p);
        rank.takeInto(prev, buffer, at, Chunks.length(length, taken, p), step);
      }
    }
  }

  /** Elements that a rank holds after the scatter. */
  private static int held(int length, int number, int ranks) {
    int end = number + BinomialTree.members(number, ranks);
    return Chunks.start(length, end, ranks) - Chunks.start(length, number, ranks);
  }

  @Override
  public Traffic traffic(int ranks, int length, int root) {
    return Traffic.ofElements(
        ranks,
        length,
        BinomialTree.depth(ranks) + ranks - 1,
        rank -> sent(BinomialTree.number(rank, root, ranks), ranks, length),
        2L * (ranks - 1) * length,
        1);
  }

  private static long sent(int number, int ranks, int length) {
    long down = held(length, number, ranks) - Chunks.length(length, number, ranks);
    return down + length - held(length, (number + 1) % ranks, ranks);
  }
}
