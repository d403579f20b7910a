package dev.shardmark.kernels.attention;

import dev.shardmark.kernels.Matrix;
import dev.shardmark.kernels.Work;
import dev.shardmark.kernels.kvcache.KvPool;
import dev.shardmark.kernels.kvcache.KvSequence;
import dev.shardmark.kernels.kvcache.KvStorage;
import java.util.Objects;

/**
 * Scaled dot-product attention of the last tokens of a sequence over its cache: {@link Attention}
 * with K and V where {@link dev.shardmark.kernels.kvcache.KvAppend} left them.
 *
 * <p><b>Shapes</b> Q and O are (T, H, D), lse is (T, H), and the cache holds S tokens of G heads of
 * D. H is a multiple of G. O and lse must not overlap Q. A key head is read once for all T H / G
 * queries that share it, so T H / G should be small.
 *
 * <p><b>Parts</b> {@link #attendPart} attends to the keys {@code from <= j < to} alone, with the
 * mask that the whole has: query i sees the keys {@code j <= i + S - T} of them. Parts that cover
 * all keys, merged by {@link Attention#merge}, make the whole, and each can be another rank's.
 *
 * <p><b>Edge cases</b> those of {@link Attention}. A part or a sequence without keys gives O = 0
 * and lse = -inf. What blocks hold beyond the length of the sequence does not matter: keys there
 * may be read, but their scores are not, and values are not read.
 *
 * <p><b>Error</b> that of {@link Attention} over the values as stored, because bf16 widens exactly.
 * Blocks of fewer than 16 tokens, which only vectors of 128 bits allow, take a maximum that often.
 * Merging adds what {@link Attention#merge} says.
 *
 * <p><b>Work</b> {@link #work}: Q read and O written as fp32, K and V read as stored. The block
 * table, 4 bytes a block, is not counted.
 *
 * <p><b>Threading</b> one thread, one instance per rank: an instance may own scratch.
 *
 * <p><b>Source</b> as {@link Attention}; the blocks: W. Kwon et al., PagedAttention, 2023; parts:
 * T. Dao et al., Flash-Decoding for long-context inference, 2023.
 */
public interface CachedAttention {
  /**
   * Attends to the keys from {@code from} up to {@code to}.
   *
   * @param lse where the log of the sum of the exps of the scores of (query, head) goes
   * @throws IllegalArgumentException if the shapes disagree
   * @throws IndexOutOfBoundsException if the sequence has no such keys
   */
  void attendPart(
      float scale,
      boolean causal,
      Heads q,
      KvSequence cache,
      int from,
      int to,
      Heads o,
      Matrix lse);

  /** Attends to all keys of the sequence. */
  default void attend(float scale, boolean causal, Heads q, KvSequence cache, Heads o, Matrix lse) {
    attendPart(scale, causal, q, cache, 0, cache.tokens(), o, lse);
  }

  /** The work of one call over all keys. */
  static Work work(
      long heads,
      long kvHeads,
      long tokens,
      long kvTokens,
      long headDim,
      boolean causal,
      KvStorage storage) {
    return Attention.work(heads, kvHeads, tokens, kvTokens, headDim, causal, storage.bytes());
  }

  /** Checks that the operands fit together. */
  static void checkShapes(Heads q, KvSequence cache, int from, int to, Heads o, Matrix lse) {
    Objects.checkFromToIndex(from, to, cache.tokens());
    KvPool pool = cache.pool();
    boolean queries =
        o.tokens() == q.tokens()
            && o.heads() == q.heads()
            && o.headDim() == q.headDim()
            && lse.rows() == q.tokens()
            && lse.cols() == q.heads();
    boolean groups = pool.kvHeads() == 0 ? q.heads() == 0 : q.heads() % pool.kvHeads() == 0;
    if (!queries || !groups || pool.headDim() != q.headDim()) {
      throw new IllegalArgumentException(
          "shapes disagree: Q is "
              + q.shape()
              + ", a token of the cache is "
              + pool.kvHeads()
              + "x"
              + pool.headDim()
              + ", O is "
              + o.shape()
              + ", lse is "
              + lse.rows()
              + "x"
              + lse.cols());
    }
  }
}
