package dev.shardmark.kernels.kvcache;

import dev.shardmark.kernels.math.Bf16;
import java.util.Arrays;
import java.util.Objects;

/**
 * The keys and values of one sequence: its length, and the table of the blocks that hold them.
 *
 * <p>Token t is token {@code t % blockTokens} of block {@code block(t / blockTokens)}. What a block
 * holds beyond the length is left from another sequence and means nothing.
 */
public final class KvSequence {
  private final KvPool pool;
  private int[] table = new int[0];
  private int tableLength;
  private int tokens;

  /** A sequence without tokens, and without blocks. */
  public KvSequence(KvPool pool) {
    this.pool = pool;
  }

  /** Where the blocks are. */
  public KvPool pool() {
    return pool;
  }

  /** Tokens so far. */
  public int tokens() {
    return tokens;
  }

  /** The block that holds tokens {@code i * blockTokens} and after. */
  public int block(int i) {
    return table[i];
  }

  /** Index of the first element of a head of a token, in the pool's K and in its V. */
  public int index(int token, int kvHead) {
    int inBlock = token % pool.blockTokens();
    return pool.index(table[token / pool.blockTokens()], kvHead, inBlock);
  }

  /** How many of the {@code most} tokens from {@code token} on lie in its block. */
  public int run(int token, int most) {
    return Math.min(most, pool.blockTokens() - token % pool.blockTokens());
  }

  /**
   * Makes room for {@code count} more tokens, whose elements are to be written then.
   *
   * @return the first of them
   * @throws IllegalArgumentException if count is negative
   * @throws OutOfBlocksException if the pool has too few free blocks; nothing has changed then
   */
  public int extend(int count) {
    if (count < 0) {
      throw new IllegalArgumentException("new tokens must not be negative: count=" + count);
    }
    int first = tokens;
    int length = Math.addExact(tokens, count);
    int needed = Math.ceilDiv(length, pool.blockTokens());
    pool.requireFree(needed - tableLength);
    if (needed > table.length) {
      table = Arrays.copyOf(table, Math.max(needed, 2 * table.length));
    }
    pool.take(table, tableLength, needed - tableLength);
    tableLength = needed;
    tokens = length;
    return first;
  }

  /** Gives all blocks back; the sequence is as new. */
  public void free() {
    for (int i = 0; i < tableLength; i++) {
      pool.giveBack(table[i]);
    }
    tableLength = 0;
    tokens = 0;
  }

  /** Element d of K of a head of a token; for references and tests, not for hot loops. */
  public float keyAt(int token, int kvHead, int d) {
    int at = checked(token, kvHead, d);
    return pool.storage() == KvStorage.BF16 ? Bf16.widen(pool.bf16Keys()[at]) : pool.keys()[at];
  }

  /** Element d of V of a head of a token; for references and tests, not for hot loops. */
  public float valueAt(int token, int kvHead, int d) {
    int at = checked(token, kvHead, d);
    return pool.storage() == KvStorage.BF16 ? Bf16.widen(pool.bf16Values()[at]) : pool.values()[at];
  }

  private int checked(int token, int kvHead, int d) {
    Objects.checkIndex(token, tokens);
    Objects.checkIndex(kvHead, pool.kvHeads());
    return index(token, kvHead) + Objects.checkIndex(d, pool.headDim());
  }
}
