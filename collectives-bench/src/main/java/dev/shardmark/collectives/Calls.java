package dev.shardmark.collectives;

import dev.shardmark.collectives.channel.Slots;
import java.lang.invoke.VarHandle;

/**
 * What each rank of a group has called, so that a rank that waits can find out that it waits in
 * vain, because another one calls something else.
 *
 * <p>A rank writes its own slot alone, at the cost of a store to a cache line of its own. Others
 * read it only once they have waited some time.
 */
final class Calls {
  /** Calls kept of each rank: older ones are not compared. */
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
    VarHandle.storeStoreFence(); // the next call is written after this one shows
  }

  /** The call that a rank is in, or made last. */
  long last(int rank) {
    return slots.word(rank, word(slots.flag(rank)));
  }

  /**
   * Compares the calls of a rank, up to the one it is in, with what the others have called in their
   * place, as far back as calls are kept: a call without elements waits for nobody.
   *
   * @param world what each rank is called in messages
   * @throws IllegalArgumentException naming a rank that called something else
   */
  void check(int rank, int[] world) {
    long number = slots.flag(rank);
    for (int peer = 0; peer < ranks; peer++) {
      long last = Math.min(number, slots.flag(peer));
      for (long call = Math.max(1, number - KEPT + 1); call <= last; call++) {
        long mine = slots.word(rank, word(call));
        long other = slots.word(peer, word(call));
        VarHandle.loadLoadFence(); // the flag below is not older than the word
        boolean reused = slots.flag(peer) - call >= KEPT - 1;
        if (other != mine && !reused) {
          throw Call.disagreement(world[rank], mine, world[peer], other);
        }
      }
    }
  }

  /**
   * What is thrown when two ranks end a run and have not called the same, which neither noticed
   * because neither waited for the other.
   *
   * @throws IllegalArgumentException always
   */
  void throwDifference(int rank, int peer, int[] world) {
    check(rank, world);
    throw new IllegalArgumentException(
        "ranks must call the same collectives: rank "
            + world[rank]
            + " ends after "
            + slots.flag(rank)
            + " calls, rank "
            + world[peer]
            + " after "
            + slots.flag(peer));
  }

  void reset() {
    slots.reset();
  }

  private static int word(long number) {
    return 1 + (int) (number % KEPT);
  }
}
