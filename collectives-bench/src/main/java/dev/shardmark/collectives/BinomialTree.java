package dev.shardmark.collectives;

/**
 * A binomial tree of p ranks.
 *
 * <p>Ranks are numbered from the root, which is 0, upwards modulo p. The parent of a number lacks
 * its lowest bit. So v and all ranks below it have consecutive numbers, {@link #members} of them,
 * and its children are those at distances 1, 2, 4 and so on.
 */
public final class BinomialTree {
  private BinomialTree() {}

  /** The number of a rank. */
  public static int number(int rank, int root, int ranks) {
    return Math.floorMod(rank - root, ranks);
  }

  /** The rank with a number, from 0 to below 2 p. */
  public static int rank(int number, int root, int ranks) {
    return (number + root) % ranks;
  }

  /** Distance to the parent; children are nearer. The root's is the first that no child has. */
  public static int reach(int number, int ranks) {
    return number == 0 ? 1 << depth(ranks) : Integer.lowestOneBit(number);
  }

  /** Ranks in the subtree of a number, which is their first. */
  public static int members(int number, int ranks) {
    return Math.min(reach(number, ranks), ranks - number);
  }

  /** Distance to the farthest child, or 0 without one; half of it leads to the next, and so on. */
  public static int farthest(int number, int ranks) {
    return Integer.highestOneBit(members(number, ranks) - 1);
  }

  /** Steps from the root to the last rank: ceil(log2 p). */
  public static int depth(int ranks) {
    return Integer.SIZE - Integer.numberOfLeadingZeros(ranks - 1);
  }

  /** The step of a message to the root over this distance: the shortest go first. */
  public static int stepUp(int distance) {
    return Integer.numberOfTrailingZeros(distance);
  }

  /** The step of a message from the root over this distance: the longest go first. */
  public static int stepDown(int distance, int ranks) {
    return depth(ranks) - 1 - stepUp(distance);
  }
}
