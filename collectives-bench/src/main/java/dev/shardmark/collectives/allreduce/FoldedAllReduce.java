package dev.shardmark.collectives.allreduce;

import dev.shardmark.collectives.Elements;
import dev.shardmark.collectives.Rank;
import dev.shardmark.collectives.ReduceOp;
import dev.shardmark.collectives.Traffic;

/**
 * All-reduce among a power of two of ranks, the <em>members</em>, into which the others fold.
 *
 * <p>With m members and e = p - m ranks too many, each of the first e even ranks sends its vector
 * to the odd rank behind it, which combines it with its own, is a member, and at the end sends the
 * result back: 2 steps, 2 e S bytes sent and a memory traffic of 5 e S more. Members keep the order
 * of their ranks.
 *
 * <p><b>Source</b> of the folding: R. Thakur, R. Rabenseifner and W. Gropp, Optimization of
 * collective communication operations in MPICH, IJHPCA 19(1), 2005.
 */
abstract class FoldedAllReduce implements AllReduce {
  /** Runs among the members, of whom this rank is {@code member}; steps count from the given. */
  abstract void runMember(
      Rank rank, int member, Elements buffer, int offset, int length, ReduceOp op, int firstStep);

  /** Steps among the members. */
  abstract int memberSteps(int members);

  /** Elements that a member sends other members. */
  abstract long memberSent(int members, int member, int length);

  /** Elements that a member combines. */
  abstract long memberCombined(int members, int length);

  /** Elements that all members load and store. */
  abstract long membersMemory(int members, int length);

  @Override
  public final void run(Rank rank, Elements buffer, int offset, int length, ReduceOp op) {
    int p = rank.size();
    int me = rank.rank();
    int lastStep = steps(p) - 1;
    if (isFolded(p, me)) {
      rank.post(me + 1, buffer, offset, length, 0);
      rank.awaitReturn(me + 1, 0);
      rank.takeInto(me + 1, buffer, offset, length, lastStep);
      return;
    }
    boolean serves = me < 2 * tooMany(p);
    if (serves) {
      rank.takeCombining(op, me - 1, buffer, offset, length, 0);
    }
    runMember(rank, member(p, me), buffer, offset, length, op, tooMany(p) > 0 ? 1 : 0);
    if (serves) {
      rank.post(me - 1, buffer, offset, length, lastStep);
      rank.awaitReturn(me - 1, lastStep);
    }
  }

  /** The greatest power of two that {@code ranks} allow. */
  static int members(int ranks) {
    return Integer.highestOneBit(ranks);
  }

  /** The rank of a member. */
  static int rankOf(int ranks, int member) {
    return member < tooMany(ranks) ? 2 * member + 1 : member + tooMany(ranks);
  }

  private static int member(int ranks, int rank) {
    return rank < 2 * tooMany(ranks) ? rank / 2 : rank - tooMany(ranks);
  }

  private static int tooMany(int ranks) {
    return ranks - members(ranks);
  }

  private static boolean isFolded(int ranks, int rank) {
    return rank < 2 * tooMany(ranks) && rank % 2 == 0;
  }

  private int steps(int ranks) {
    return memberSteps(members(ranks)) + (tooMany(ranks) > 0 ? 2 : 0);
  }

  @Override
  public final long combined(int ranks, int length) {
    return (tooMany(ranks) > 0 ? length : 0) + memberCombined(members(ranks), length);
  }

  @Override
  public final Traffic traffic(int ranks, int length) {
    return Traffic.ofElements(
        ranks,
        length,
        steps(ranks),
        rank -> sent(ranks, rank, length),
        5L * tooMany(ranks) * length + membersMemory(members(ranks), length),
        AllReduce.busFactor(ranks));
  }

  private long sent(int ranks, int rank, int length) {
    long folding = rank < 2 * tooMany(ranks) ? length : 0; // there, or back
    return isFolded(ranks, rank)
        ? folding
        : folding + memberSent(members(ranks), member(ranks, rank), length);
  }
}
