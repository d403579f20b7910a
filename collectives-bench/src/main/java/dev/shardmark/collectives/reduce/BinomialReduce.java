package dev.shardmark.collectives.reduce;

import dev.shardmark.collectives.BinomialTree;
import dev.shardmark.collectives.Elements;
import dev.shardmark.collectives.Rank;
import dev.shardmark.collectives.ReduceOp;
import dev.shardmark.collectives.Traffic;

/**
 * Reduce up a {@link BinomialTree}: a rank combines its own vector with those of its children, the
 * nearest first, and sends the result to its parent.
 *
 * <p><b>Cost</b> ceil(log2 p) steps; every rank but the root sends S bytes. Memory traffic 3 (p -
 * 1) S: each combination loads two vectors and stores one.
 *
 * <p><b>Order</b> y[v] = ((x[v] + y[v+1]) + y[v+2]) + y[v+4] + ..., where v counts ranks from the
 * root and y[v+k] is there if v + k is a child of v: so it depends on the root.
 *
 * <p><b>Source</b> R. Thakur, R. Rabenseifner and W. Gropp, Optimization of collective
 * communication operations in MPICH, International Journal of High Performance Computing
 * Applications 19(1), 2005.
 */
public final class BinomialReduce implements Reduce {
  @Override
  public String parameter() {
    return "binomial";
  }

  @Override
  public void run(Rank rank, Elements buffer, int offset, int length, ReduceOp op, int root) {
    int p = rank.size();
    int number = BinomialTree.number(rank.rank(), root, p);
    Elements x = buffer;
    int xAt = offset;
    for (int distance = 1; distance < BinomialTree.members(number, p); distance *= 2) {
      int child = BinomialTree.rank(number + distance, root, p);
      Elements acc = number == 0 ? buffer : rank.scratch(0, buffer, length);
      int accAt = number == 0 ? offset : 0;
      int step = BinomialTree.stepUp(distance);
      rank.takeCombining(op, child, acc, accAt, x, xAt, length, step);
      x = acc;
      xAt = accAt;
    }
    if (number > 0) {
      int reach = BinomialTree.reach(number, p);
      int parent = BinomialTree.rank(number - reach, root, p);
      rank.post(parent, x, xAt, length, BinomialTree.stepUp(reach));
      rank.awaitReturn(parent, BinomialTree.stepUp(reach));
    }
  }

  @Override
  public long combined(int ranks, int length) {
    return (long) BinomialTree.depth(ranks) * length;
  }

  @Override
  public Traffic traffic(int ranks, int length, int root) {
    return Traffic.ofElements(
        ranks,
        length,
        BinomialTree.depth(ranks),
        rank -> rank == root ? 0 : length,
        3L * (ranks - 1) * length,
        1);
  }
}
