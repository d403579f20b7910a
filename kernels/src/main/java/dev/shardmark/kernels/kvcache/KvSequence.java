package dev.shardmark.kernels.kvcache;

import java.util.Arrays;
import java.util.Objects;

/**
 * The keys and values of one sequence: its length, and the table of the blocks that hold them.
 *
 * <p>Token t is token {@code t % blockTokens} of block {@code block(t / blockTokens)}. What a block
 * holds beyond the length is left from another sequence and means nothing, see {@link KvPool}.
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

  /** Gives all blocks back, last first: who comes next takes them in the same order. */
  public void free() {
    for (int i = tableLength - 1; i >= 0; i--) {
      pool.giveBack(table[i]);
    }
    tableLength = 0;
    tokens = 0;
  }

  /** Element d of K of a head of a token; for references and tests, not for hot loops. */
  public float keyAt(int token, int kvHead, int d) {
    check(token, kvHead, d);
    return pool.keyAt(table[token / pool.blockTokens()], kvHead, token % pool.blockTokens(), d);
  }

  /** Element d of V of a head of a token; for references and tests, not for hot loops. */
  public float valueAt(int token, int kvHead, int d) {
    check(token, kvHead, d);
    return pool.valueAt(table[token / pool.blockTokens()], kvHead, token % pool.blockTokens(), d);
  }

  private void check(int token, int kvHead, int d) {
    Objects.checkIndex(token, tokens);
    Objects.checkIndex(kvHead, pool.kvHeads());
    Objects.checkIndex(d, pool.headDim());
  }
}
