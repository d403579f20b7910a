package dev.shardmark.collectives.channel;

/**
 * Lends slices of the sender's buffers to one receiver, one after another. Nothing is copied: the
 * receiver reads the sender's memory, and the sender leaves it alone until it is given back.
 *
 * <p>{@link #lend} and {@link #awaitReturn} are the sender's, all else is the receiver's.
 */
public final class Channel {
  private static final int LENT = 0; // slot written by the sender
  private static final int RETURNED = 1; // slot written by the receiver
  private static final int OFFSET = 1;
  private static final int LENGTH = 2;
  private static final int TOTAL = 3;

  private final int sender;
  private final int receiver;
  private final Slots slots = new Slots(2);
  private float[] data;

  public Channel(int sender, int receiver) {
    this.sender = sender;
    this.receiver = receiver;
  }

  /** Lends a slice, part of {@code total} elements, once the one before has come back. */
  public void lend(Waiter waiter, float[] buffer, int offset, int length, int total, int step) {
    awaitReturn(waiter, step);
    if (data != buffer) {
      data = buffer;
    }
    slots.setWord(LENT, OFFSET, offset);
    slots.setWord(LENT, LENGTH, length);
    slots.setWord(LENT, TOTAL, total);
    slots.publishNext(LENT);
  }

  /** Returns once nothing is lent. */
  public void awaitReturn(Waiter waiter, int step) {
    waiter.await(slots, RETURNED, slots.flag(LENT), receiver, step);
  }

  /** Returns once a slice is lent; it is then described by the methods below. */
  public void awaitLoan(Waiter waiter, int step) {
    waiter.await(slots, LENT, slots.flag(RETURNED) + 1, sender, step);
  }

  public float[] data() {
    return data;
  }

  public int offset() {
    return (int) slots.word(LENT, OFFSET);
  }

  public int length() {
    return (int) slots.word(LENT, LENGTH);
  }

  public int total() {
    return (int) slots.word(LENT, TOTAL);
  }

  public void giveBack() {
    slots.publishNext(RETURNED);
  }

  /** Forgets what was lent, while neither side uses the channel. */
  public void reset() {
    data = null;
    slots.reset();
  }
}
