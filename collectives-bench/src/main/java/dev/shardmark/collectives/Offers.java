package dev.shardmark.collectives;

import dev.shardmark.collectives.channel.Slots;
import java.util.Arrays;

/**
 * Copies that each rank leaves for all others to read, one a round: nobody has to say that it has
 * read one, because whoever offers the next has read all of this round.
 *
 * <p>Two copies of each rank are kept. A rank writes over that of round r in round r + 2, when it
 * has waited for the offers of round r + 1, which every rank makes after it has read those of r.
 */
final class Offers {
  private static final int KEPT = 2;

  /** References per 128 bytes, however wide they are. */
  private static final int STRIDE = 32;

  private static final int CALL = 1; // and the next, in the slot of a rank

  /** By rank: the flag counts rounds. */
  private final Slots slots;

  private final Scratch[] copies;
  private final Elements[] offered;

  Offers(int ranks) {
    slots = new Slots(ranks);
    copies = new Scratch[ranks * KEPT];
    Arrays.setAll(copies, copy -> new Scratch());
    offered = new Elements[ranks * STRIDE];
  }

  /** What a rank offers next, to be filled before {@link #publish}. */
  Elements next(int rank, Elements like, int length) {
    int kept = kept(slots.flag(rank) + 1);
    Elements copy = copies[rank * KEPT + kept].of(like, length);
    if (offered[rank * STRIDE + kept] != copy) {
      offered[rank * STRIDE + kept] = copy;
    }
    return copy;
  }

  /** Offers it as part of {@code call}. */
  void publish(int rank, long call) {
    slots.setWord(rank, CALL + kept(slots.flag(rank) + 1), call);
    slots.publishNext(rank);
  }

  Slots slots() {
    return slots;
  }

  /** What a rank offers in a round that it has come to. */
  Elements of(int rank, long round) {
    return offered[rank * STRIDE + kept(round)];
  }

  /** The call it belongs to. */
  long call(int rank, long round) {
    return slots.word(rank, CALL + kept(round));
  }

  /** As new, while no rank runs. */
  void reset() {
    slots.reset();
    Arrays.fill(offered, null);
  }

  private static int kept(long round) {
    return (int) (round % KEPT);
  }
}
