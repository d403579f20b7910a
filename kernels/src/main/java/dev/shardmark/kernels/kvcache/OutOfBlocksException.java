package dev.shardmark.kernels.kvcache;

/** A pool has too few free blocks; nothing was changed, so that a sequence can be freed first. */
public final class OutOfBlocksException extends RuntimeException {
  private static final long serialVersionUID = 1;

  OutOfBlocksException(int needed, int free, int blocks) {
    super(
        "the pool must have the blocks that new tokens need: needed="
            + needed
            + " free="
            + free
            + " blocks="
            + blocks);
  }
}
