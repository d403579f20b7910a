package dev.shardmark.collectives.allreduce;

import dev.shardmark.collectives.Elements;
import dev.shardmark.collectives.Rank;
import dev.shardmark.collectives.ReduceOp;
import dev.shardmark.collectives.channel.Channel;

/**
 * Recursive doubling: in step k, ranks that differ in bit k exchange whole vectors, and both
 * combine them. The least steps there can be, so it suits short vectors.
 *
 * <p><b>Cost</b> with p a power of two: lg p steps, each rank sends lg p S bytes. Memory traffic 3
 * p lg p S where messages are read in place: results go back and forth between the buffer and a
 * second one, since the peer still reads the first; if lg p is odd, 2 p S more bring them home.
 * Other p: {@link FoldedAllReduce}.
 *
 * <p><b>Order</b> ((x[0] + x[1]) + (x[2] + x[3])) + ..., a balanced tree of neighbours for every
 * element; a pair of {@link FoldedAllReduce} is first added to one. Peers add the same two numbers
 * the other way round, which gives the same bits.
 *
 * <p><b>Source</b> R. Thakur, R. Rabenseifner and W. Gropp, Optimization of collective
 * communication operations in MPICH, IJHPCA 19(1), 2005, section 4.4.
 */
public final class RecursiveDoublingAllReduce extends FoldedAllReduce {
  /** Elements copied, then combined, while they are in the first-level cache: 8 KiB. */
  private static final int BLOCK = 2048;

  @Override
  public String parameter() {
    return "recursive_doubling";
  }

  @Override
  void runMember(
      Rank rank, int member, Elements buffer, int offset, int length, ReduceOp op, int firstStep) {
    int members = members(rank.size());
    boolean copies = rank.copies(); // then what was posted may be written
    Elements other = copies ? buffer : rank.scratch(0, buffer, length);
    Elements from = buffer;
    int step = firstStep;
    for (int bit = 1; bit < members; bit *= 2, step++) {
      int peer = rankOf(rank.size(), member ^ bit);
      int fromAt = from == buffer ? offset : 0;
      rank.post(peer, from, fromAt, length, step);
      if (copies) {
        rank.takeCombining(op, peer, buffer, offset, length, step);
      } else {
        Elements to = from == buffer ? other : buffer;
        takeBeside(rank, peer, from, fromAt, to, to == buffer ? offset : 0, length, op, step);
        rank.awaitReturn(peer, step);
        from = to;
      }
    }
    if (from != buffer) {
      buffer.copy(offset, from, 0, length);
    }
  }

  /** {@code to = from op message}, while the peer reads {@code from}. */
  private static void takeBeside(
      Rank rank,
      int peer,
      Elements from,
      int fromAt,
      Elements to,
      int toAt,
      int length,
      ReduceOp op,
      int step) {
    Channel in = rank.take(peer, length, step);
    for (int at = 0; at < length; at += BLOCK) {
      int block = Math.min(BLOCK, length - at);
      to.copy(toAt + at, from, fromAt + at, block);
      to.combine(op, toAt + at, in.data(), in.offset() + at, block);
    }
    in.giveBack();
  }

  @Override
  int memberSteps(int members) {
    return Integer.numberOfTrailingZeros(members);
  }

  @Override
  long memberSent(int members, int member, int length) {
    return (long) memberSteps(members) * length;
  }

  @Override
  long memberCombined(int members, int length) {
    return (long) memberSteps(members) * length;
  }

  @Override
  long membersMemory(int members, int length) {
    int steps = memberSteps(members);
    return (3L * steps + 2 * (steps % 2)) * members * length;
  }
}
