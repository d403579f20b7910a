package dev.shardmark.collectives;

/**
 * What one rank can say to the others of its group.
 *
 * <p><b>Shapes</b> offsets and lengths count elements, and only the slices they name are read or
 * written. Buffers are fp32, and bf16 in a {@code short[]} where a method takes one. A vector of n
 * elements is cut into chunks of n / p, as {@link Chunks} says, whether p divides n or not.
 *
 * <p><b>In place</b> where a method has a slice to read and one to write, the two may be the same
 * elements: all of them in an all-reduce, the rank's own chunk in a reduce-scatter and an
 * all-gather. Otherwise slices do not overlap.
 *
 * <p><b>Edge cases</b> length 0 and a group of one rank are legal. After a failure the buffers hold
 * anything.
 *
 * <p><b>Threading</b> each rank calls from its own thread, and all ranks of a group call the same
 * collectives in the same order, with the same lengths, types, operations and roots. If they do
 * not, {@link IllegalArgumentException} names two ranks and what each of them called. Every wait
 * has the group's deadline, interrupted or not, and ends with {@link CollectiveTimeoutException};
 * when another rank fails, it ends with {@link CollectiveAbortedException}.
 */
public interface Communicator {
  /** This rank, from 0. */
  int rank();

  /** Ranks in the group, at least 1. */
  int size();

  /**
   * The group of all ranks that give the same color, in the order of their keys, then ranks. A rank
   * is in one such group, and still in this one. After a failed run it is of no more use.
   *
   * @throws IllegalArgumentException if color is negative
   */
  Communicator split(int color, int key);

  /** Returns once every rank has called it. */
  void barrier();

  /**
   * Sends to rank {@code to}; returns once the buffer may be written again. That may take until the
   * receiver has come, so two ranks must not both send first: see {@link #sendReceive}.
   */
  void send(int to, float[] buffer, int offset, int length);

  /** Receives exactly {@code length} elements from rank {@code from}. */
  void receive(int from, float[] buffer, int offset, int length);

  /** Sends and receives at the same time, so that ranks may do so in a circle. */
  void sendReceive(
      int to, float[] out, int outAt, int outLength, int from, float[] in, int inAt, int inLength);

  /** Replaces every rank's slice, in place, by all ranks' slices combined element by element. */
  void allReduce(float[] buffer, int offset, int length, ReduceOp op);

  /** The same of bf16, which is combined in fp32 and rounded after each combination. */
  void allReduce(short[] buffer, int offset, int length, ReduceOp op);

  /** The same out of place: in is only read. */
  void allReduce(float[] in, int inAt, float[] out, int outAt, int length, ReduceOp op);

  /** Replaces the slice of the root alone by all ranks' slices combined. */
  void reduce(float[] buffer, int offset, int length, ReduceOp op, int root);

  /**
   * Combines all ranks' vectors and leaves each rank its own chunk.
   *
   * @param length of the whole vector, in; the chunk goes out
   */
  void reduceScatter(float[] in, int inAt, float[] out, int outAt, int length, ReduceOp op);

  /**
   * Puts all ranks' chunks one behind the other on every rank.
   *
   * @param length of the whole vector, out; the rank's own chunk comes in
   */
  void allGather(float[] in, int inAt, float[] out, int outAt, int length);

  /** Replaces every rank's slice by that of the root. */
  void broadcast(float[] buffer, int offset, int length, int root);

  /**
   * Sends chunk s of in to rank s, for every s. What comes back, one block from each rank in turn,
   * is p times as long as this rank's own chunk.
   *
   * @param length of the whole vector in
   */
  void allToAll(float[] in, int inAt, float[] out, int outAt, int length);

  /**
   * Sends each rank as many elements as it is to have, and receives as many as others send.
   *
   * @param sent elements for each rank, one block behind the other in {@code in}
   * @param received elements from each rank, likewise in {@code out}
   */
  void allToAllV(float[] in, int inAt, int[] sent, float[] out, int outAt, int[] received);
}
