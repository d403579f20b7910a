package dev.shardmark.kernels.kvcache;

import static dev.shardmark.kernels.gemm.MicroKernel.KC;
import static dev.shardmark.kernels.gemm.MicroKernel.NR;

import dev.shardmark.kernels.AlignedFloats;
import dev.shardmark.kernels.gemm.MicroKernel;
import dev.shardmark.kernels.math.Bf16;
import java.util.Arrays;

/**
 * The memory of the caches of one layer: blocks of keys and values, and which of them are free.
 *
 * <p>A block holds {@code blockTokens} tokens of one sequence. Each head of a block has wide panels
 * of {@link MicroKernel}, arrays of their own, so that the register tile of a matrix multiply works
 * on the cache as it lies:
 *
 * <ul>
 *   <li>K: a panel holds {@code NR} tokens in a row for each d, so that scores come out a lane a
 *       token and no lanes are added up. Element d of token t is at {@code d * NR + t % NR} of
 *       panel {@code t / NR}; where headDim exceeds {@code KC}, the same tokens have a panel for
 *       each KC elements, one after the other.
 *   <li>V: a strip holds {@code NR} elements in a row for each token. Element d of token t is at
 *       {@code t * NR + d % NR} of strip {@code d / NR}. Elements from headDim on are zero.
 * </ul>
 *
 * <p>Places count from {@link AlignedFloats#START}, or {@link Bf16#START}; the {@code NR} values of
 * a step of bf16 are in the order of {@link Bf16#pairPlace}. A panel or a strip is read from its
 * start to its end, one stream that hardware prefetching follows. They are allocated in the order a
 * decode reads them, which goes through all blocks of a head before the next head: head by head,
 * block by block, K before V. What is allocated one after the other lies one after the other in the
 * heap, so that a sequence whose blocks ascend is one stream too; blocks in no order break it only
 * at their ends. One table holds K and V in turn, and collectors that copy what a table refers to
 * in its order keep that order.
 *
 * <p>What a block holds beyond the length of its sequence is left from another and may be anything,
 * NaN as well. Kernels may read the columns of K there, if they drop the scores. They must not read
 * the rows of V there: a weight of 0 does not help against NaN.
 *
 * <p>One thread. Arrays and the table are shared with kernels, and checked by nobody else.
 */
public final class KvPool {
  /** Tokens of a block, unless asked otherwise: a multiple of every {@link MicroKernel#NR}. */
  public static final int BLOCK_TOKENS = 128;

  private static final int MOST_HEADS = 1 << 29;

  private final KvStorage storage;
  private final int blocks;
  private final int blockTokens;
  private final int kvHeads;
  private final int headDim;

  /** K of a head of a block, then its V, and so on; empty if the storage is another. */
  private final float[][][] fp32;

  private final short[][][] bf16;

  /** The free blocks are the first {@link #freeCount}; the last of them is the next to be taken. */
  private final int[] free;

  private int freeCount;

  /**
   * A pool of zeroed blocks, all free; they are taken in ascending order at first.
   *
   * @throws IllegalArgumentException if a count is negative, a block is not a positive multiple of
   *     {@link MicroKernel#NR} tokens or more than {@link MicroKernel#KC}, or heads are too many
   */
  public KvPool(KvStorage storage, int blocks, int blockTokens, int kvHeads, int headDim) {
    checkCounts(blocks, blockTokens, kvHeads, headDim);
    this.storage = storage;
    this.blocks = blocks;
    this.blockTokens = blockTokens;
    this.kvHeads = kvHeads;
    this.headDim = headDim;
    int heads = kvHeads * blocks;
    int[][] lengths = {keyLengths(), valueLengths()};
    fp32 = new float[storage == KvStorage.FP32 ? 2 * heads : 0][][];
    bf16 = new short[storage == KvStorage.BF16 ? 2 * heads : 0][][];
    for (int i = 0; i < fp32.length; i++) {
      fp32[i] = floats(lengths[i % 2]);
    }
    for (int i = 0; i < bf16.length; i++) {
      bf16[i] = shorts(lengths[i % 2]);
    }
    free = new int[blocks];
    for (int i = 0; i < blocks; i++) {
      free[i] = blocks - 1 - i;
    }
    freeCount = blocks;
  }

  /**
   * A pool for {@code sequences} of {@code tokens} tokens in the largest blocks: each sequence lies
   * in order, if the pool is new and they are filled one after the other.
   *
   * @throws IllegalArgumentException if a count is negative or the blocks are too many
   */
  public static KvPool contiguous(
      KvStorage storage, int sequences, int tokens, int kvHeads, int headDim) {
    if (sequences < 0 || tokens < 0) {
      throw new IllegalArgumentException(
          "counts must not be negative: sequences=" + sequences + " tokens=" + tokens);
    }
    int blocks = (int) Math.min(MOST_HEADS + 1L, (long) sequences * Math.ceilDiv(tokens, KC));
    return new KvPool(storage, blocks, KC, kvHeads, headDim);
  }

  private static void checkCounts(int blocks, int blockTokens, int kvHeads, int headDim) {
    String counts = "blocks=" + blocks + " kvHeads=" + kvHeads + " headDim=" + headDim;
    if (blocks < 0 || kvHeads < 0 || headDim < 0) {
      throw new IllegalArgumentException("counts must not be negative: " + counts);
    }
    if ((long) blocks * kvHeads > MOST_HEADS) {
      throw new IllegalArgumentException("blocks * kvHeads must be at most 2^29: " + counts);
    }
    if (blockTokens <= 0 || blockTokens > KC || blockTokens % NR != 0) {
      throw new IllegalArgumentException(
          "blockTokens must be a positive multiple of "
              + NR
              + " and at most "
              + KC
              + ": blockTokens="
              + blockTokens);
    }
  }

  private int[] keyLengths() {
    int[] lengths = new int[blockTokens / NR * panelsOfToken()];
    for (int i = 0; i < lengths.length; i++) {
      lengths[i] = Math.min(KC, headDim - i % panelsOfToken() * KC) * NR;
    }
    return lengths;
  }

  private int[] valueLengths() {
    int[] lengths = new int[Math.ceilDiv(headDim, NR)];
    Arrays.fill(lengths, blockTokens * NR);
    return lengths;
  }

  private static float[][] floats(int[] lengths) {
    float[][] panels = new float[lengths.length][];
    for (int i = 0; i < lengths.length; i++) {
      panels[i] = AlignedFloats.allocate(lengths[i]);
    }
    return panels;
  }

  private static short[][] shorts(int[] lengths) {
    short[][] panels = new short[lengths.length][];
    for (int i = 0; i < lengths.length; i++) {
      panels[i] = new short[Bf16.START + lengths[i]];
    }
    return panels;
  }

  /** How elements are kept. */
  public KvStorage storage() {
    return storage;
  }

  /** Blocks in all. */
  public int blocks() {
    return blocks;
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

  /** Panels of K that hold the elements of one token: one for each KC of them. */
  public int panelsOfToken() {
    return Math.ceilDiv(headDim, KC);
  }

  /** K of a head of a block, if the storage is fp32. */
  public float[][] keyPanels(int block, int kvHead) {
    return fp32[2 * (kvHead * blocks + block)];
  }

  /** V of a head of a block, if the storage is fp32. */
  public float[][] valueStrips(int block, int kvHead) {
    return fp32[2 * (kvHead * blocks + block) + 1];
  }

  /** K of a head of a block, if the storage is bf16. */
  public short[][] bf16KeyPanels(int block, int kvHead) {
    return bf16[2 * (kvHead * blocks + block)];
  }

  /** V of a head of a block, if the storage is bf16. */
  public short[][] bf16ValueStrips(int block, int kvHead) {
    return bf16[2 * (kvHead * blocks + block) + 1];
  }

  /** Element d of K of a head of a block's token, unchecked; vector kernels read panels instead. */
  public float keyAt(int block, int kvHead, int token, int d) {
    int panel = token / NR * panelsOfToken() + d / KC;
    int step = d % KC * NR;
    int lane = token % NR;
    return storage == KvStorage.BF16
        ? Bf16.widen(bf16KeyPanels(block, kvHead)[panel][bf16Place(step, lane)])
        : keyPanels(block, kvHead)[panel][AlignedFloats.START + step + lane];
  }

  /** Element d of V of a head of a block's token, unchecked; vector kernels read panels instead. */
  public float valueAt(int block, int kvHead, int token, int d) {
    int step = token * NR;
    int lane = d % NR;
    return storage == KvStorage.BF16
        ? Bf16.widen(bf16ValueStrips(block, kvHead)[d / NR][bf16Place(step, lane)])
        : valueStrips(block, kvHead)[d / NR][AlignedFloats.START + step + lane];
  }

  private static int bf16Place(int step, int lane) {
    return Bf16.START + step + Bf16.pairPlace(lane);
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
