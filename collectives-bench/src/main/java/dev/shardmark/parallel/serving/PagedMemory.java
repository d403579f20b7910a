package dev.shardmark.parallel.serving;

import dev.shardmark.kernels.kvcache.KvPool;
import dev.shardmark.kernels.kvcache.KvSequence;
import dev.shardmark.kernels.kvcache.KvStorage;
import dev.shardmark.kernels.kvcache.OutOfBlocksException;
import java.util.Arrays;

/**
 * Blocks of places, taken as requests grow: only the last block of a request is not full, and half
 * of it, {@code (blockTokens - 1) / 2} places, is wasted on average.
 *
 * <p>The blocks are those of a {@link KvPool} without heads. A pool with heads that sees the same
 * requests in the same order has the same tables.
 *
 * <p><b>Source</b> W. Kwon et al., Efficient Memory Management for Large Language Model Serving
 * with PagedAttention, 2023.
 */
public final class PagedMemory implements KvMemory {
  /** What must fit before a request may start. */
  public enum Admission {
    /** All it may become: nothing that has started ever lacks a block. */
    WHOLE,
    /** What it starts with: more start, and some may have to make way. */
    START
  }

  private final KvPool pool;
  private final Admission admission;
  private final KvSequence[] sequences;
  private final int[] reserved;
  private final int[] tokens;
  private long filledTokens;

  /** A memory without requests. */
  public PagedMemory(int slots, int blocks, int blockTokens, Admission admission) {
    pool = new KvPool(KvStorage.FP32, blocks, blockTokens, 0, 0);
    this.admission = admission;
    sequences = new KvSequence[slots];
    Arrays.setAll(sequences, i -> new KvSequence(pool));
    reserved = new int[slots];
    tokens = new int[slots];
  }

  @Override
  public int mostTokens() {
    return pool.blocks() * pool.blockTokens();
  }

  @Override
  public boolean admit(int slot, int count, int most) {
    int room = admission == Admission.WHOLE ? most : count;
    if (!extend(slot, room)) {
      return false;
    }
    reserved[slot] = room;
    tokens[slot] = count;
    filledTokens += count;
    return true;
  }

  @Override
  public boolean grow(int slot) {
    if (tokens[slot] == reserved[slot]) {
      if (!extend(slot, 1)) {
        return false;
      }
      reserved[slot]++;
    }
    tokens[slot]++;
    filledTokens++;
    return true;
  }

  private boolean extend(int slot, int count) {
    try {
      sequences[slot].extend(count);
      return true;
    } catch (OutOfBlocksException full) {
      return false;
    }
  }

  @Override
  public void release(int slot) {
    sequences[slot].free();
    filledTokens -= tokens[slot];
    tokens[slot] = 0;
    reserved[slot] = 0;
  }

  @Override
  public long heldTokens() {
    return (long) (pool.blocks() - pool.freeBlocks()) * pool.blockTokens();
  }

  @Override
  public long filledTokens() {
    return filledTokens;
  }

  /** Blocks that no request has. */
  public int freeBlocks() {
    return pool.freeBlocks();
  }
}
