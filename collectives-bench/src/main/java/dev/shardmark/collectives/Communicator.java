package dev.shardmark.collectives;

/**
 * What one rank can say to the others of its group.
 *
 * <p><b>Shapes</b> buffers are fp32; offsets and lengths count elements. Only {@code [offset,
 * offset + length)} is read or written.
 *
 * <p><b>Edge cases</b> length 0 and a group of one rank are legal, and a collective then returns at
 * once, without looking at the other ranks. All other lengths must agree across ranks, or {@link
 * IllegalArgumentException} names two ranks that disagree. After a failure the buffers hold
 * anything.
 *
 * <p><b>Threading</b> each rank calls from its own thread, and all ranks call the same collectives
 * in the same order. Every wait has the group's deadline, interrupted or not, and ends with {@link
 * CollectiveTimeoutException}; when another rank fails, it ends with {@link
 * CollectiveAbortedException}.
 */
public interface Communicator {
  /** This rank, from 0. */
  int rank();

  /** Ranks in the group, at least 1. */
  int size();

  /** Returns once every rank has called it. */
  void barrier();

  /**
   * Sends to rank {@code to}; returns once the receiver has the data, so two ranks must not both
   * send first.
   */
  void send(int to, float[] buffer, int offset, int length);

  /** Receives exactly {@code length} elements from rank {@code from}. */
  void receive(int from, float[] buffer, int offset, int length);

  /** Replaces every rank's slice, in place, by all ranks' slices combined element by element. */
  void allReduce(float[] buffer, int offset, int length, ReduceOp op);
}
