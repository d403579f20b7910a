package dev.shardmark.kernels.kvcache;

import dev.shardmark.kernels.AlignedFloats;

/**
 * The memory of the caches of one layer: blocks of keys and values, and which of them are free.
 *
 * <p>A block holds {@code blockTokens} tokens of one sequence, its K in one array and its V at the
 * same place of another: element d of head g of the block's token t is at {@code origin + ((block *
 * kvHeads + g) * blockTokens + t) * headDim + d}. What one head reads is thus in a row as far as
 * the block goes. With a token's heads side by side it would be headDim elements, 512 bytes of
 * fp32, in every kvHeads * headDim: too short for hardware prefetching, which follows a stream
 * within a page of 4 KiB and starts anew in the next, whatever size the pages have. {@value
 * #BLOCK_TOKENS} tokens of 128 elements are eight such pages of fp32 and four of bf16, so that
 * finding the next block costs little, and a sequence wastes half a block on average.
 *
 * <p>A pool whose blocks each hold a whole sequence, {@link #contiguous}, is a cache without pages.
 *
 * <p>One thread. Arrays and the table are shared with kernels, and checked by nobody else.
 */
public final class KvPool {
  /** Tokens of a block, unless asked otherwise. */
  public static final int BLOCK_TOKENS = 64;

  /**
   * Blocks hold a multiple of these, so that kernels which take tokens four at a time cut the same
   * keys into the same fours whatever the blocks: results do not depend on them.
   */
  public static final int TOKENS_AT_ONCE = 4;

  /** First element of bf16 on a cache line: 16 bytes of header + 24 * 2 bytes = 64. */
  private static final int BF16_START = 24;

  private final KvStorage storage;
  private final int blocks;
  private final int blockTokens;
  private final int kvHeads;
  private final int headDim;
  private final int origin;
  private final float[] keys;
  private final float[] values;
  private final short[] bf16Keys;
  private final short[] bf16Values;

  /** The free blocks are the first {@link #freeCount}; the last of them is the next to be taken. */
  private final int[] free;

  private int freeCount;

  /**
   * A pool of zeroed blocks, all free.
   *
   * @throws IllegalArgumentException if a count is negative, a block is not a positive multiple of
   *     {@value #TOKENS_AT_ONCE} tokens, or no Java array is that long
   */
  public KvPool(KvStorage storage, int blocks, int blockTokens, int kvHeads, int headDim) {
    if (blocks < 0 || kvHeads < 0 || headDim < 0) {
      throw new IllegalArgumentException(
          "counts must not be negative: blocks="
              + blocks
              + " kvHeads="
              + kvHeads
              + " headDim="
              + headDim);
    }
    if (blockTokens <= 0 || blockTokens % TOKENS_AT_ONCE != 0) {
      throw new IllegalArgumentException(
          "blockTokens must be a positive multiple of "
              + TOKENS_AT_ONCE
              + ": blockTokens="
              + blockTokens);
    }
    long tokens = (long) blocks * blockTokens;
    long elements = Math.multiplyExact(Math.multiplyExact(tokens, (long) kvHeads), (long) headDim);
    this.storage = storage;
    this.blocks = blocks;
    this.blockTokens = blockTokens;
    this.kvHeads = kvHeads;
    this.headDim = headDim;
    boolean bf16 = storage == KvStorage.BF16;
    origin = bf16 ? BF16_START : AlignedFloats.START;
    keys = AlignedFloats.allocate(bf16 ? 0 : elements);
    values = AlignedFloats.allocate(bf16 ? 0 : elements);
    bf16Keys = shorts(bf16 ? elements : 0);
    bf16Values = shorts(bf16 ? elements : 0);
    free = new int[blocks];
    for (int i = 0; i < blocks; i++) {
      free[i] = blocks - 1 - i;
    }
    freeCount = blocks;
  }

  /** A pool in which each of {@code sequences} has one block of at least {@code tokens} tokens. */
  public static KvPool contiguous(
      KvStorage storage, int sequences, int tokens, int kvHeads, int headDim) {
    int fours = Math.max(1, Math.ceilDiv(tokens, TOKENS_AT_ONCE));
    int blockTokens = Math.multiplyExact(fours, TOKENS_AT_ONCE);
    return new KvPool(storage, sequences, blockTokens, kvHeads, headDim);
  }

  private static short[] shorts(long length) {
    if (length > Integer.MAX_VALUE - 8 - BF16_START) {
      throw new IllegalArgumentException(
          "a buffer holds 0 to 2^31 - 33 elements: length=" + length);
    }
    return new short[(int) length + BF16_START];
  }

  /** How elements are kept. */
  public KvStorage storage() {
    return storage;
  }

  /** Tokens of a block. */
  public int blockTokens() {
    return blockTokens;
  }

  /** Heads of a token. */
  public int kvHeads() {
    return kvHeads;
  }

  /** Elements of a head. */
  public int headDim() {
    return headDim;
  }

  /** Blocks that no sequence has. */
  public int freeBlocks() {
    return freeCount;
  }

  /** Index of the first element of a head, in K and in V. */
  public int index(int block, int kvHead, int token) {
    return origin + ((block * kvHeads + kvHead) * blockTokens + token) * headDim;
  }

  /** K, if the storage is fp32. */
  public float[] keys() {
    return keys;
  }

  /** V, if the storage is fp32. */
  public float[] values() {
    return values;
  }

  /** K, if the storage is bf16. */
  public short[] bf16Keys() {
    return bf16Keys;
  }

  /** V, if the storage is bf16. */
  public short[] bf16Values() {
    return bf16Values;
  }

  /** Moves {@code count} blocks from the free ones to {@code to}, or none. */
  void take(int[] to, int at, int count) {
    requireFree(count);
    for (int i = 0; i < count; i++) {
      to[at + i] = free[--freeCount];
    }
  }

  void requireFree(int count) {
    if (count > freeCount) {
      throw new OutOfBlocksException(count, freeCount, blocks);
    }
  }

  void giveBack(int block) {
    free[freeCount++] = block;
  }
}
