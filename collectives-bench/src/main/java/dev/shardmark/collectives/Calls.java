package dev.shardmark.collectives;

import dev.shardmark.collectives.channel.Slots;

/**
 * What each rank of a group has called, so that a rank that waits can find out that it waits in
 * vain, because another one calls something else.
 *
 * <p>A rank writes its own slot alone, at the cost of a store to a cache line of its own. Others
 * read it only once they have waited some time.
 */
final class Calls {
  /** Calls kept of each rank: one that is this far ahead is not compared. */
  private static final int KEPT = 8;

  private final Slots slots;
  private final int ranks;

  Calls(int ranks) {
    this.ranks = ranks;
    slots = new Slots(ranks);
  }

  /** Says that a rank makes this call now. */
  void begin(int rank, long call) {
    slots.setWord(rank, word(slots.flag(rank) + 1), call);
    slots.publishNext(rank);
  }

  /** The call that a rank is in, or made last. */
  long last(int rank) {
    return slots.word(rank, word(slots.flag(rank)));
  }

  /**
   * Compares the call a rank is in with what the others have called in its place.
   *
   * @param world what each rank is called in messages
   * @throws IllegalArgumentException naming a rank that called something else
   */
  void check(int rank, int[] world) {
    long number = slots.flag(rank);
    long mine = slots.word(rank, word(number));
    for (int peer = 0; peer < ranks; peer++) {
      long ahead = slots.flag(peer) - number;
      if (ahead < 0 || ahead >= KEPT - 1) {
        continue; // not there yet, or so far that the word is reused
      }
      long other = slots.word(peer, word(number));
      boolean reused = slots.flag(peer) - number >= KEPT - 1;
      if (other != mine && !reused) {
        throw Call.disagreement(world[rank], mine, world[peer], other);
      }
    }
  }

  void reset() {
    slots.reset();
  }

  private static int word(long number) {
    return 1 + (int) (number % KEPT);
  }
}
