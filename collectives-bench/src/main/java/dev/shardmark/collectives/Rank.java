package dev.shardmark.collectives;

import dev.shardmark.collectives.allreduce.AllReduce;
import dev.shardmark.collectives.channel.Channel;
import dev.shardmark.collectives.channel.Slots;
import dev.shardmark.collectives.channel.Waiter;
import java.util.Objects;

/**
 * One rank of a {@link RankGroup}, and what its algorithms are made of: messages to one peer
 * ({@link #lend}, {@link #borrow}), or windows on the buffers of all ({@link #expose}).
 */
public final class Rank implements Communicator {
  private static final int SENT_BYTES = 1;

  private final int rank;
  private final Fabric fabric;
  private final Waiter waiter;
  private final AllReduce allReduce;

  /** A slot for the padding: ranks count at the same time. */
  private final Slots counters = new Slots(1);

  Rank(int rank, Fabric fabric, Waiter waiter, AllReduce allReduce) {
    this.rank = rank;
    this.fabric = fabric;
    this.waiter = waiter;
    this.allReduce = allReduce;
  }

  @Override
  public int rank() {
    return rank;
  }

  @Override
  public int size() {
    return fabric.ranks();
  }

  @Override
  public void barrier() {
    synchronise(0);
  }

  @Override
  public void send(int to, float[] buffer, int offset, int length) {
    lend(to, buffer, offset, length, length, 0);
    awaitReturn(to, 0);
  }

  @Override
  public void receive(int from, float[] buffer, int offset, int length) {
    Objects.checkFromIndexSize(offset, length, buffer.length);
    Channel in = borrow(from, length, 0);
    System.arraycopy(in.data(), in.offset(), buffer, offset, length);
    in.giveBack();
  }

  @Override
  public void allReduce(float[] buffer, int offset, int length, ReduceOp op) {
    Objects.checkFromIndexSize(offset, length, buffer.length);
    if (length > 0 && size() > 1) {
      allReduce.run(this, buffer, offset, length, op);
    }
  }

  /**
   * Lends rank {@code to} a slice to read in place, once it has given back the one before. {@code
   * total} is the length of the whole buffer, on which both must agree.
   */
  public void lend(int to, float[] buffer, int offset, int length, int total, int step) {
    Objects.checkFromIndexSize(offset, length, buffer.length);
    fabric.channel(rank, to).lend(waiter, buffer, offset, length, total, step);
    countSent(to, length);
  }

  /** Returns once rank {@code to} has given back what was lent to it. */
  public void awaitReturn(int to, int step) {
    fabric.channel(rank, to).awaitReturn(waiter, step);
  }

  /** Waits for the slice rank {@code from} lends next; the caller gives it back. */
  public Channel borrow(int from, int total, int step) {
    Channel in = fabric.channel(from, rank);
    in.awaitLoan(waiter, step);
    checkLengths(from, in.total(), total);
    return in;
  }

  /**
   * Opens this slice to all ranks and returns once they have opened theirs, all of one length, at
   * step 0. Whoever reads or writes a window is done before the next {@link #synchronise}.
   */
  public void expose(float[] buffer, int offset, int length) {
    Objects.checkFromIndexSize(offset, length, buffer.length);
    fabric.open(rank, buffer, offset, length);
    long synchronisation = synchronise(0);
    for (int peer = 0; peer < size(); peer++) {
      if (!fabric.opened(peer, synchronisation)) {
        throw new IllegalStateException(
            "collectives must agree: rank "
                + rank
                + " exposes a buffer, rank "
                + peer
                + " does not");
      }
      checkLengths(peer, fabric.windowLength(peer), length);
    }
  }

  /** The array in which rank {@code peer} exposes its slice, from {@link #windowOffset} on. */
  public float[] window(int peer) {
    return fabric.window(peer);
  }

  public int windowOffset(int peer) {
    return fabric.windowOffset(peer);
  }

  /** Returns the number of synchronisations so far, once every rank has made as many. */
  public long synchronise(int step) {
    Slots slots = fabric.slots();
    long synchronisation = slots.publishNext(rank);
    for (int distance = 1; distance < size(); distance++) {
      int peer = (rank + distance) % size();
      waiter.await(slots, peer, synchronisation, peer, step);
    }
    return synchronisation;
  }

  /** Counts payload that this rank moves to or from the buffer of {@code peer}. */
  public void countSent(int peer, long elements) {
    if (peer != rank) {
      counters.setWord(0, SENT_BYTES, sentBytes() + Float.BYTES * elements);
    }
  }

  /** Payload sent since the group was opened, or repaired after a failure: see {@link Traffic}. */
  public long sentBytes() {
    return counters.word(0, SENT_BYTES);
  }

  void reset() {
    counters.reset();
  }

  private void checkLengths(int peer, int peerLength, int length) {
    if (peerLength != length) {
      throw new IllegalArgumentException(
          "lengths must agree: rank "
              + rank
              + " has "
              + length
              + ", rank "
              + peer
              + " has "
              + peerLength);
    }
  }
}
