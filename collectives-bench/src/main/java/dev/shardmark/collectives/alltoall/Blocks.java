package dev.shardmark.collectives.alltoall;

import dev.shardmark.collectives.Chunks;
import dev.shardmark.collectives.Elements;
import dev.shardmark.collectives.Rank;

/**
 * A block for each rank, one behind the other in one buffer. An object is used again and again by
 * the rank it belongs to, so that a call allocates nothing.
 */
public final class Blocks {
  private final int[] starts;
  private Elements data;
  private int offset;
  private boolean areChunks;

  /** No blocks yet, for so many ranks. */
  public Blocks(int ranks) {
    starts = new int[ranks + 1];
  }

  /** The chunks of {@code length} elements. */
  public void chunks(Elements data, int offset, int length) {
    this.data = data;
    this.offset = offset;
    areChunks = true;
    for (int rank = 0; rank < starts.length; rank++) {
      starts[rank] = Chunks.start(length, rank, starts.length - 1);
    }
  }

  /** Equal blocks. */
  public void equal(Elements data, int offset, int length) {
    this.data = data;
    this.offset = offset;
    areChunks = false;
    for (int rank = 0; rank < starts.length; rank++) {
      starts[rank] = Math.multiplyExact(rank, length);
    }
  }

  /** Blocks of these lengths. */
  public void lengths(Elements data, int offset, int[] lengths) {
    this.data = data;
    this.offset = offset;
    areChunks = false;
    starts[0] = 0;
    for (int rank = 0; rank < lengths.length; rank++) {
      starts[rank + 1] = Math.addExact(starts[rank], lengths[rank]);
    }
  }

  /**
   * Fills the block of rank {@code from} with what it sends to {@code rank}.
   *
   * @throws IllegalArgumentException if that is not as long as the block
   */
  void store(Rank rank, int from, Elements sent, int at, int length) {
    rank.checkLength(from, length(from), length);
    data.copy(at(from), sent, at, length);
  }

  /** The buffer. */
  public Elements data() {
    return data;
  }

  /** First element of a rank's block in {@link #data}. */
  public int at(int rank) {
    return offset + starts[rank];
  }

  /** Elements of a rank's block. */
  public int length(int rank) {
    return starts[rank + 1] - starts[rank];
  }

  /** Whether they are the chunks of one length, which all ranks of the call then have. */
  public boolean areChunks() {
    return areChunks;
  }

  /** Elements of all blocks. */
  public int total() {
    return starts[starts.length - 1];
  }
}
