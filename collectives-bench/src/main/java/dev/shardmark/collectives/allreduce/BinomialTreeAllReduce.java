package dev.shardmark.collectives.allreduce;

import dev.shardmark.collectives.Elements;
import dev.shardmark.collectives.Rank;
import dev.shardmark.collectives.ReduceOp;
import dev.shardmark.collectives.Traffic;

/**
 * A reduction to rank 0 along a binomial tree, then a broadcast back along the same tree.
 *
 * <p>The parent of rank r is r without its lowest bit; its children are r + 1, r + 2, r + 4, ... up
 * to that bit, as far as there are such ranks.
 *
 * <p><b>Cost</b> 2 ceil(lg p) steps; a rank sends S bytes to its parent and S to each child: S for
 * a leaf, S ceil(lg p) for rank 0. Memory traffic 5 (p - 1) S: a reduction loads two vectors and
 * stores one, a copy loads one and stores one.
 *
 * <p><b>Order</b> ((x[0] + x[1]) + (x[2] + x[3])) + ..., a tree of neighbours for every element, on
 * rank 0 alone, then copied: all ranks end with identical bits.
 *
 * <p><b>Source</b> R. Thakur, R. Rabenseifner and W. Gropp, Optimization of collective
 * communication operations in MPICH, IJHPCA 19(1), 2005.
 */
public final class BinomialTreeAllReduce implements AllReduce {
  @Override
  public String parameter() {
    return "binomial_tree";
  }

  @Override
  public void run(Rank rank, Elements buffer, int offset, int length, ReduceOp op) {
    int me = rank.rank();
    int p = rank.size();
    int lastStep = steps(p) - 1;
    int end = childrenEnd(me, p);
    for (int bit = 1; bit < end; bit *= 2) {
      rank.takeCombining(op, me + bit, buffer, offset, length, step(bit));
    }
    if (me > 0) {
      int bit = Integer.lowestOneBit(me);
      int parent = me - bit;
      rank.post(parent, buffer, offset, length, step(bit));
      rank.awaitReturn(parent, step(bit));
      rank.takeInto(parent, buffer, offset, length, lastStep - step(bit));
    }
    for (int bit = Integer.highestOneBit(end - 1); bit > 0; bit /= 2) { // the tallest child first
      rank.post(me + bit, buffer, offset, length, lastStep - step(bit));
    }
    for (int bit = 1; bit < end; bit *= 2) {
      rank.awaitReturn(me + bit, lastStep - step(bit));
    }
  }

  /** Children are {@code rank + bit} for the bits below this. */
  private static int childrenEnd(int rank, int ranks) {
    return rank == 0 ? ranks : Math.min(Integer.lowestOneBit(rank), ranks - rank);
  }

  private static int step(int bit) {
    return Integer.numberOfTrailingZeros(bit);
  }

  private static int steps(int ranks) {
    return 2 * bitsBelow(ranks);
  }

  /** How many powers of two are below {@code end}. */
  private static int bitsBelow(int end) {
    return Integer.SIZE - Integer.numberOfLeadingZeros(end - 1);
  }

  @Override
  public long combined(int ranks, int length) {
    return (long) bitsBelow(ranks) * length;
  }

  @Override
  public Traffic traffic(int ranks, int length) {
    return Traffic.ofElements(
        ranks,
        length,
        steps(ranks),
        rank -> ((rank > 0 ? 1L : 0) + bitsBelow(childrenEnd(rank, ranks))) * length,
        5L * (ranks - 1) * length,
        AllReduce.busFactor(ranks));
  }
}
