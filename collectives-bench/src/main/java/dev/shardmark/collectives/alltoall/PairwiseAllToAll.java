package dev.shardmark.collectives.alltoall;

import dev.shardmark.collectives.Rank;
import dev.shardmark.collectives.Traffic;

/**
 * All-to-all in which every rank sends one block and receives one in each step. In step i ranks r
 * and r XOR i exchange their blocks if p is a power of two; if not, rank r sends to r + i and
 * receives from r - i, ranks modulo p.
 *
 * <p><b>Cost</b> p - 1 steps; each rank sends what it has for others, S (p - 1) / p bytes if blocks
 * are equal. Memory traffic 2 p S, which is the least there can be.
 *
 * <p><b>Order</b> elements are copied, not combined.
 *
 * <p><b>Source</b> R. Thakur, R. Rabenseifner and W. Gropp, Optimization of collective
 * communication operations in MPICH, IJHPCA 19(1), 2005.
 */
public final class PairwiseAllToAll implements AllToAll {
  @Override
  public String parameter() {
    return "pairwise";
  }

  @Override
  public void run(Rank rank, Blocks in, Blocks out) {
    int p = rank.size();
    int me = rank.rank();
    boolean exchange = Integer.bitCount(p) == 1;
    out.store(rank, me, in.data(), in.at(me), in.length(me));
    for (int i = 1; i < p; i++) {
      int to = exchange ? me ^ i : (me + i) % p;
      int from = exchange ? to : (me + p - i) % p;
      int step = i - 1;
      rank.post(to, in.data(), in.at(to), in.length(to), step);
      rank.takeInto(from, out.data(), out.at(from), out.length(from), step);
      rank.awaitReturn(to, step);
    }
  }

  @Override
  public Traffic traffic(int[][] lengths) {
    return BlockTraffic.of(
        lengths, lengths.length - 1, rank -> BlockTraffic.sent(lengths, rank), (from, to) -> 2);
  }
}
