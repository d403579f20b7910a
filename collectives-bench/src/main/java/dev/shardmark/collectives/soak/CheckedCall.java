package dev.shardmark.collectives.soak;

import dev.shardmark.collectives.Algorithms;
import dev.shardmark.collectives.Communicator;

/**
 * One call of a collective, with its operands and the answer it must give. All ranks of a group run
 * the same object, once; its words are enough to write the call down again.
 */
interface CheckedCall {
  /**
   * Returns if the result is right on this rank.
   *
   * @throws IllegalStateException if it is wrong
   */
  void run(Communicator rank);

  /** Bytes that this rank of so many sends, by the formulas of the algorithms. */
  long sentBytes(Algorithms algorithms, int rank, int ranks);
}
