package dev.shardmark.collectives.sweep;

import dev.shardmark.collectives.Algorithms;
import dev.shardmark.collectives.Communicator;
import dev.shardmark.collectives.Group;
import dev.shardmark.collectives.Operation;
import dev.shardmark.collectives.Traffic;

/**
 * One collective as a sweep calls it. Sizes are those of nccl-tests: S is a rank's vector for
 * all-reduce, reduce and broadcast, the whole of a rank's blocks for the others.
 *
 * <p>Buffers start at {@link dev.shardmark.kernels.AlignedFloats#START}.
 */
public interface Exercise {
  /** What is called. */
  Operation operation();

  /** The reduction, or an empty text. */
  default String reduction() {
    return "";
  }

  /** The root, or -1. */
  default int root() {
    return -1;
  }

  /**
   * Elements of S for at most so many bytes: where every rank has a block of S, a multiple of 16
   * bytes for each, as nccl-tests rounds.
   */
  int count(long bytes, int ranks);

  /** Elements that go in. */
  int inLength(int count, int ranks);

  /** Elements that come out, or 0 if there is no call out of place. */
  int outLength(int count, int ranks);

  /** Calls it out of place. */
  void call(Communicator rank, float[] in, float[] out, int count);

  /** Whether in and out may be the same memory. */
  default boolean isInPlace() {
    return true;
  }

  /** Calls it in place, in a buffer of the longer of both lengths. */
  void callInPlace(Communicator rank, float[] buffer, int count);

  /**
   * Returns if a group does it right at this size.
   *
   * @throws IllegalStateException naming the first element that is wrong
   */
  void verify(Group group, int count);

  /** What one call moves. */
  Traffic traffic(Algorithms algorithms, int ranks, int count);
}
