package dev.shardmark.parallel;

import dev.shardmark.collectives.Operation;
import dev.shardmark.kernels.layer.LayerOperation;
import java.util.Arrays;

/**
 * Where the time of one rank goes, and what it says to others: the ledger of a sharded run.
 *
 * <p>Kernels are timed one by one, collectives by {@link Metered}. A rank that comes early to a
 * collective waits; that time is kept apart where {@link #separatesWaiting} says so, by a barrier
 * before each collective.
 *
 * <p><b>Threading</b> the thread of the rank.
 */
public final class Meter {
  private final boolean separatesWaiting;
  private final long[] computedNs = new long[LayerOperation.values().length];
  private final long[][] calls = new long[Axis.values().length][Operation.values().length];
  private final long[][] sentBytes = new long[Axis.values().length][Operation.values().length];
  private final long[][] communicatedNs = new long[Axis.values().length][Operation.values().length];
  private long waitedNs;

  public Meter(boolean separatesWaiting) {
    this.separatesWaiting = separatesWaiting;
  }

  /** Whether ranks meet at a barrier before each collective, so that waiting is known. */
  public boolean separatesWaiting() {
    return separatesWaiting;
  }

  /** A time to give to what is measured from now on. */
  public long now() {
    return System.nanoTime();
  }

  /** Adds the time since {@code sinceNs} to an operation. */
  public void computed(LayerOperation operation, long sinceNs) {
    computedNs[operation.ordinal()] += System.nanoTime() - sinceNs;
  }

  /** Adds one call of a collective. */
  void communicated(Axis axis, Operation operation, long sent, long waited, long ns) {
    calls[axis.ordinal()][operation.ordinal()]++;
    sentBytes[axis.ordinal()][operation.ordinal()] += sent;
    communicatedNs[axis.ordinal()][operation.ordinal()] += ns;
    waitedNs += waited;
  }

  /** Time in the kernels of an operation. */
  public long computedNs(LayerOperation operation) {
    return computedNs[operation.ordinal()];
  }

  /** Time in all kernels. */
  public long computedNs() {
    return sum(computedNs);
  }

  /** Calls of a collective on behalf of an axis. */
  public long calls(Axis axis, Operation operation) {
    return calls[axis.ordinal()][operation.ordinal()];
  }

  /** Bytes this rank sent for an axis by a collective, as its transport counted them. */
  public long sentBytes(Axis axis, Operation operation) {
    return sentBytes[axis.ordinal()][operation.ordinal()];
  }

  /** Bytes this rank sent for an axis. */
  public long sentBytes(Axis axis) {
    return sum(sentBytes[axis.ordinal()]);
  }

  /** Bytes this rank sent for all axes. */
  public long sentBytes() {
    long sent = 0;
    for (Axis axis : Axis.values()) {
      sent += sentBytes(axis);
    }
    return sent;
  }

  /** Time in collectives, without waiting where that is kept apart. */
  public long communicatedNs(Axis axis, Operation operation) {
    return communicatedNs[axis.ordinal()][operation.ordinal()];
  }

  /** Time in the collectives of an axis. */
  public long communicatedNs(Axis axis) {
    return sum(communicatedNs[axis.ordinal()]);
  }

  /** Time in all collectives. */
  public long communicatedNs() {
    long ns = 0;
    for (Axis axis : Axis.values()) {
      ns += communicatedNs(axis);
    }
    return ns;
  }

  /** Time this rank waited for others before collectives. */
  public long waitedNs() {
    return waitedNs;
  }

  /** Starts again from nothing. */
  public void clear() {
    Arrays.fill(computedNs, 0);
    for (Axis axis : Axis.values()) {
      Arrays.fill(calls[axis.ordinal()], 0);
      Arrays.fill(sentBytes[axis.ordinal()], 0);
      Arrays.fill(communicatedNs[axis.ordinal()], 0);
    }
    waitedNs = 0;
  }

  private static long sum(long[] values) {
    long sum = 0;
    for (long value : values) {
      sum += value;
    }
    return sum;
  }
}
