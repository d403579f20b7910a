package dev.shardmark.collectives.channel;

import dev.shardmark.collectives.Elements;
import dev.shardmark.collectives.Scratch;
import java.util.Arrays;

/**
 * Carries messages from one sender to one receiver, in order.
 *
 * <p>A lending channel copies nothing: the receiver reads the sender's memory, and the sender
 * leaves it alone until it is given back; one message is under way at a time. A copying channel
 * takes a copy, and the sender's memory is its own again at once; two messages may be under way, so
 * that one is written while the other is read.
 *
 * <p>{@link #send} and {@link #awaitReturn} are the sender's, all else is the receiver's.
 */
public final class Channel {
  private static final int SENT = 0; // slot written by the sender
  private static final int RETURNED = 1; // slot written by the receiver
  private static final int MOST_UNDER_WAY = 2;

  // words of a message in the sender's slot, behind those of the message before
  private static final int OFFSET = 1;
  private static final int LENGTH = 2;
  private static final int CALL = 3;
  private static final int ARRIVAL_NS = 4;
  private static final int WORDS = 4;

  private final int sender;
  private final int receiver;
  private final boolean copies;
  private final Port port;
  private final Slots slots = new Slots(2);
  private final Elements[] data = new Elements[MOST_UNDER_WAY];
  private final Scratch[] copied = new Scratch[MOST_UNDER_WAY];

  /**
   * A channel between two ranks.
   *
   * @param port of the sender, if links are emulated, or null
   */
  public Channel(int sender, int receiver, boolean copies, Port port) {
    this.sender = sender;
    this.receiver = receiver;
    this.copies = copies;
    this.port = port;
    Arrays.setAll(copied, message -> new Scratch());
  }

  /** Sends a slice, part of {@code call}, once there is room for it. */
  public void send(Waiter waiter, Elements buffer, int offset, int length, long call, int step) {
    long room = slots.flag(SENT) + 1 - (copies ? MOST_UNDER_WAY : 1);
    waiter.await(slots, RETURNED, room, receiver, step);
    int message = message(slots.flag(SENT));
    Elements sent = buffer;
    if (copies) {
      sent = copied[message].of(buffer, length);
      sent.copy(0, buffer, offset, length);
    }
    if (data[message] != sent) {
      data[message] = sent;
    }
    int words = message * WORDS;
    slots.setWord(SENT, words + OFFSET, copies ? 0 : offset);
    slots.setWord(SENT, words + LENGTH, length);
    slots.setWord(SENT, words + CALL, call);
    if (port != null) {
      long bytes = (long) length * buffer.bytesEach();
      slots.setWord(SENT, words + ARRIVAL_NS, port.arrivalNs(System.nanoTime(), receiver, bytes));
    }
    slots.publishNext(SENT);
  }

  /** Returns once the sender's memory is its own again. */
  public void awaitReturn(Waiter waiter, int step) {
    if (!copies) {
      waiter.await(slots, RETURNED, slots.flag(SENT), receiver, step);
    }
  }

  /** Returns once a message has arrived; it is then described by the methods below. */
  public void awaitMessage(Waiter waiter, int step) {
    waiter.await(slots, SENT, slots.flag(RETURNED) + 1, sender, step);
    if (port != null) {
      waiter.awaitTime(word(ARRIVAL_NS), sender);
    }
  }

  /** Where the message is; read it from {@link #offset} on. */
  public Elements data() {
    return data[message(slots.flag(RETURNED))];
  }

  /** First element of the message in {@link #data}. */
  public int offset() {
    return (int) word(OFFSET);
  }

  /** Elements of the message. */
  public int length() {
    return (int) word(LENGTH);
  }

  /** The collective that the sender was in. */
  public long call() {
    return word(CALL);
  }

  /** Ends the receiver's reading of the message. */
  public void giveBack() {
    slots.publishNext(RETURNED);
  }

  /** As new, while neither side runs. */
  public void reset() {
    slots.reset();
    Arrays.fill(data, null);
  }

  private long word(int word) {
    return slots.word(SENT, message(slots.flag(RETURNED)) * WORDS + word);
  }

  /** Where the message after so many others is kept. */
  private static int message(long before) {
    return (int) (before % MOST_UNDER_WAY);
  }
}
