package dev.shardmark.collectives;

import dev.shardmark.collectives.channel.Channel;
import dev.shardmark.collectives.channel.Slots;
import dev.shardmark.collectives.channel.WaitStrategy;
import dev.shardmark.collectives.channel.Waiter;
import java.util.Arrays;
import java.util.Objects;
import java.util.function.BooleanSupplier;

/**
 * What algorithms are made of, for one rank of a group: messages to one peer ({@link #post}, {@link
 * #take}), or windows on the buffers of all ({@link #expose}), where memory is shared. {@link
 * Collectives} makes a {@link Communicator} of it.
 */
public final class Rank extends Collectives {
  /** What a message without elements carries. */
  public static final Elements NOTHING = new Fp32Elements(new float[0]);

  private static final int SENT_BYTES = 1;
  private static final int SCRATCHES = 2;

  private final int rank;
  private final Fabric fabric;
  private final Waiting waiting;
  private final Waiter waiter;
  private final Scratch[] scratch = new Scratch[SCRATCHES];

  /** A slot for the padding: ranks count at the same time. */
  private final Slots counters;

  /** How long and how the ranks of a run wait. */
  record Waiting(WaitStrategy strategy, long deadlineNs, BooleanSupplier aborted) {}

  Rank(int rank, Fabric fabric, Waiting waiting) {
    this(rank, fabric, waiting, new Slots(1));
  }

  private Rank(int rank, Fabric fabric, Waiting waiting, Slots counters) {
    super(fabric);
    this.rank = rank;
    this.fabric = fabric;
    this.waiting = waiting;
    this.counters = counters;
    Arrays.setAll(scratch, which -> new Scratch());
    int[] world = fabric.world();
    waiter =
        new Waiter(
            world[rank],
            waiting.strategy(),
            waiting.deadlineNs(),
            waiting.aborted(),
            () -> fabric.calls().check(rank, world));
  }

  @Override
  public int rank() {
    return rank;
  }

  @Override
  public int size() {
    return fabric.ranks();
  }

  /** The rank {@code member} of a part of the group; it counts what it sends here. */
  @Override
  Rank of(Fabric part, int member) {
    return new Rank(member, part, waiting, counters);
  }

  /** Whether messages are copied, so that what was posted may be written at once. */
  public boolean copies() {
    return fabric.transport().copies();
  }

  /**
   * Sends rank {@code to} a slice, which stays unwritten until {@link #awaitReturn}. Waits until
   * the rank has taken what was posted before.
   */
  public void post(int to, Elements buffer, int offset, int length, int step) {
    Objects.checkFromIndexSize(offset, length, buffer.length());
    fabric.channel(rank, to).send(waiter, buffer, offset, length, call(), step);
    countSent(to, length, buffer);
  }

  /** Returns once what was posted to rank {@code to} may be written. */
  public void awaitReturn(int to, int step) {
    fabric.channel(rank, to).awaitReturn(waiter, step);
  }

  /** Waits for the next message of rank {@code from}; the caller gives it back. */
  public Channel take(int from, int length, int step) {
    Channel in = take(from, step);
    checkLength(from, length, in.length());
    return in;
  }

  /** Waits for the next message of rank {@code from}, whatever its length. */
  public Channel take(int from, int step) {
    Channel in = fabric.channel(from, rank);
    in.awaitMessage(waiter, step);
    if (in.call() != call()) {
      throw Call.disagreement(name(rank), call(), name(from), in.call());
    }
    return in;
  }

  /**
   * Returns if rank {@code from} sends as many elements as this one expects.
   *
   * @throws IllegalArgumentException naming both ranks, if not
   */
  public void checkLength(int from, int expected, int sent) {
    if (sent != expected) {
      throw new IllegalArgumentException(
          "lengths must agree: rank "
              + name(rank)
              + " expects "
              + expected
              + " elements from rank "
              + name(from)
              + ", which sends "
              + sent);
    }
  }

  /** Takes the next message of rank {@code from} into a buffer. */
  public void takeInto(int from, Elements buffer, int offset, int length, int step) {
    Objects.checkFromIndexSize(offset, length, buffer.length());
    Channel in = take(from, length, step);
    buffer.copy(offset, in.data(), in.offset(), length);
    in.giveBack();
  }

  /** Combines a buffer with the next message of rank {@code from}. */
  public void takeCombining(
      ReduceOp op, int from, Elements buffer, int offset, int length, int step) {
    Objects.checkFromIndexSize(offset, length, buffer.length());
    Channel in = take(from, length, step);
    buffer.combine(op, offset, in.data(), in.offset(), length);
    in.giveBack();
  }

  /**
   * Combines {@code x} with the next message of rank {@code from}, into a buffer that may be {@code
   * x} itself.
   */
  public void takeCombining(
      ReduceOp op,
      int from,
      Elements buffer,
      int offset,
      Elements x,
      int xAt,
      int length,
      int step) {
    Objects.checkFromIndexSize(offset, length, buffer.length());
    Objects.checkFromIndexSize(xAt, length, x.length());
    Channel in = take(from, length, step);
    buffer.combine(op, offset, x, xAt, in.data(), in.offset(), length);
    in.giveBack();
  }

  /** Elements of this rank alone, of the type of {@code like}, kept from call to call. */
  public Elements scratch(int which, Elements like, int length) {
    return scratch[which].of(like, length);
  }

  /**
   * Opens this slice to all ranks and returns once they have opened theirs, at step 0. Whoever
   * reads or writes a window is done before the next {@link #synchronise}.
   */
  public void expose(Object window, int offset) {
    fabric.open(rank, window, offset, call());
    long synchronisation = synchronise(0);
    for (int peer = 0; peer < size(); peer++) {
      boolean opened = fabric.opened(peer, synchronisation);
      if (!opened || fabric.windowCall(peer) != call()) {
        fabric.calls().check(rank, fabric.world()); // the peer may be in another call by now
        long other = opened ? fabric.windowCall(peer) : fabric.calls().last(peer);
        throw Call.disagreement(name(rank), call(), name(peer), other);
      }
    }
  }

  /** The elements that rank {@code peer} exposes, from {@link #windowOffset} on. */
  public Elements window(int peer) {
    return (Elements) fabric.window(peer);
  }

  /** What rank {@code peer} exposes, if that is more than elements. */
  public <T> T window(int peer, Class<T> type) {
    return type.cast(fabric.window(peer));
  }

  /** First element of the window of rank {@code peer}. */
  public int windowOffset(int peer) {
    return fabric.windowOffset(peer);
  }

  /**
   * Combines a slice of all windows, {@code at} behind their first elements, in the order of the
   * ranks, into a buffer that is no part of the windows.
   */
  public void combineWindows(ReduceOp op, Elements buffer, int offset, int at, int length) {
    buffer.copy(offset, window(0), windowOffset(0) + at, length);
    for (int peer = 1; peer < size(); peer++) {
      buffer.combine(op, offset, window(peer), windowOffset(peer) + at, length);
    }
    for (int peer = 0; peer < size(); peer++) {
      countSent(peer, length, buffer);
    }
  }

  /**
   * Leaves a copy of a slice for all ranks and returns once they have left theirs; {@link #offered}
   * has them until the next call.
   */
  public void offer(Elements buffer, int offset, int length, int step) {
    nextOffer(buffer, length).copy(0, buffer, offset, length);
    offer(step);
  }

  /** What {@link #offer(int)} leaves for all ranks, to be filled by this one. */
  public Elements nextOffer(Elements like, int length) {
    return fabric.offers().next(rank, like, length);
  }

  /** Leaves {@link #nextOffer} for all ranks and returns once they have left theirs. */
  public void offer(int step) {
    Offers offers = fabric.offers();
    offers.publish(rank, call());
    long round = offers.slots().flag(rank);
    for (int distance = 1; distance < size(); distance++) {
      int peer = peer(distance);
      waiter.await(offers.slots(), peer, round, name(peer), step);
      if (offers.call(peer, round) != call()) {
        throw Call.disagreement(name(rank), call(), name(peer), offers.call(peer, round));
      }
    }
  }

  /** What rank {@code peer} has offered, from element 0 on. */
  public Elements offered(int peer) {
    return fabric.offers().of(peer, fabric.offers().slots().flag(rank));
  }

  /** Returns the number of synchronisations so far, once every rank has made as many. */
  public long synchronise(int step) {
    Slots slots = fabric.slots();
    long synchronisation = slots.publishNext(rank);
    for (int distance = 1; distance < size(); distance++) {
      int peer = peer(distance);
      waiter.await(slots, peer, synchronisation, name(peer), step);
    }
    return synchronisation;
  }

  /** Counts payload that this rank moves to or from the buffer of {@code peer}. */
  public void countSent(int peer, long elements, Elements type) {
    if (peer != rank) {
      counters.setWord(0, SENT_BYTES, sentBytes() + type.bytesEach() * elements);
    }
  }

  /** Payload sent since the group was opened, or repaired after a failure: see {@link Traffic}. */
  public long sentBytes() {
    return counters.word(0, SENT_BYTES);
  }

  @Override
  void reset() {
    super.reset();
    counters.reset();
  }

  /**
   * So many ranks further, in a circle; without a division, which costs as much as a short wait.
   */
  private int peer(int distance) {
    int peer = rank + distance;
    return peer < size() ? peer : peer - size();
  }

  private int name(int member) {
    return fabric.world()[member];
  }
}
