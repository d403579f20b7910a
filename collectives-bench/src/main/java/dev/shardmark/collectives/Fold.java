package dev.shardmark.collectives;

/**
 * How algorithms for a power of two run on p ranks, whatever p is.
 *
 * <p>The greatest power of two up to p leaves e ranks too many. Ranks 2 a and 2 a + 1, for a below
 * e, are actor a: the even one hands over to the odd one, and rests. Rank a + e is actor a from e
 * on. So the chunks of consecutive actors lie one behind the other, as those of ranks do.
 */
public final class Fold {
  private Fold() {}

  /** A power of two. */
  public static int actors(int ranks) {
    return Integer.highestOneBit(ranks);
  }

  /** Whether the next rank acts for this one. */
  public static boolean rests(int rank, int ranks) {
    return rank < 2 * extra(ranks) && rank % 2 == 0;
  }

  /** Whether this rank acts for the one before, too. */
  public static boolean actsForTwo(int rank, int ranks) {
    return rank < 2 * extra(ranks) && rank % 2 == 1;
  }

  /** The actor that a rank is, or is part of. */
  public static int actor(int rank, int ranks) {
    return rank < 2 * extra(ranks) ? rank / 2 : rank - extra(ranks);
  }

  /** The rank that acts. */
  public static int rank(int actor, int ranks) {
    return actor < extra(ranks) ? 2 * actor + 1 : actor + extra(ranks);
  }

  /** First element of an actor's {@link Chunks}; that of actor {@code actors} is the length. */
  public static int start(int length, int actor, int ranks) {
    return Chunks.start(length, actor + Math.min(actor, extra(ranks)), ranks);
  }

  /** Steps in which actors exchange, plus, with a rank too many, one before and one after. */
  public static int steps(int ranks) {
    return Integer.numberOfTrailingZeros(actors(ranks)) + (extra(ranks) > 0 ? 2 : 0);
  }

  /** The first step in which actors exchange. */
  public static int firstStep(int ranks) {
    return extra(ranks) > 0 ? 1 : 0;
  }

  private static int extra(int ranks) {
    return ranks - actors(ranks);
  }
}
