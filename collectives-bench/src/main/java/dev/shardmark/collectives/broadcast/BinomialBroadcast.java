package dev.shardmark.collectives.broadcast;

import dev.shardmark.collectives.BinomialTree;
import dev.shardmark.collectives.Elements;
import dev.shardmark.collectives.Rank;
import dev.shardmark.collectives.Traffic;

/**
 * Broadcast down a {@link BinomialTree}: whoever has the vector sends it on in every step, to the
 * child with the most below it first.
 *
 * <p><b>Cost</b> ceil(log2 p) steps; a rank sends S bytes to each child, the root to ceil(log2 p)
 * of them. Memory traffic 2 (p - 1) S.
 *
 * <p><b>Order</b> nothing is combined.
 *
 * <p><b>Source</b> R. Thakur, R. Rabenseifner and W. Gropp, Optimization of collective
 * communication operations in MPICH, International Journal of High Performance Computing
 * Applications 19(1), 2005.
 */
public final class BinomialBroadcast implements Broadcast {
  @Override
  public String parameter() {
    return "binomial";
  }

  @Override
  public void run(Rank rank, Elements buffer, int offset, int length, int root) {
    int p = rank.size();
    int number = BinomialTree.number(rank.rank(), root, p);
    if (number > 0) {
      int reach = BinomialTree.reach(number, p);
      int parent = BinomialTree.rank(number - reach, root, p);
      rank.takeInto(parent, buffer, offset, length, BinomialTree.stepDown(reach, p));
    }
    int farthest = BinomialTree.farthest(number, p);
    for (int distance = farthest; distance > 0; distance /= 2) {
      int child = BinomialTree.rank(number + distance, root, p);
      rank.post(child, buffer, offset, length, BinomialTree.stepDown(distance, p));
    }
    for (int distance = farthest; distance > 0; distance /= 2) {
      int child = BinomialTree.rank(number + distance, root, p);
      rank.awaitReturn(child, BinomialTree.stepDown(distance, p));
    }
  }

  @Override
  public Traffic traffic(int ranks, int length, int root) {
    return Traffic.ofElements(
        ranks,
        length,
        BinomialTree.depth(ranks),
        rank -> (long) length * children(BinomialTree.number(rank, root, ranks), ranks),
        2L * (ranks - 1) * length,
        1);
  }

  private static int children(int number, int ranks) {
    return BinomialTree.depth(BinomialTree.members(number, ranks));
  }
}
