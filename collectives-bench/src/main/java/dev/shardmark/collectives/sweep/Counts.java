package dev.shardmark.collectives.sweep;

/** Elements for a size in bytes. */
final class Counts {
  /** Blocks of nccl-tests are multiples of 16 bytes. */
  private static final int BLOCK_ELEMENTS = 16 / Float.BYTES;

  private Counts() {}

  /** Of one vector. */
  static int whole(long bytes) {
    return Math.toIntExact(bytes / Float.BYTES);
  }

  /** Of equal blocks, one for each rank: rounded down. */
  static int blocks(long bytes, int ranks) {
    int each = Math.toIntExact(bytes / Float.BYTES / ranks);
    return each / BLOCK_ELEMENTS * BLOCK_ELEMENTS * ranks;
  }
}
