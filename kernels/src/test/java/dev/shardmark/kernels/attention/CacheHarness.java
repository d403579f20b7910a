package dev.shardmark.kernels.attention;

import dev.shardmark.kernels.Kernels;
import dev.shardmark.kernels.Matrix;
import dev.shardmark.kernels.TestMatrices;
import dev.shardmark.kernels.Variant;
import dev.shardmark.kernels.attention.AttentionHarness.Scores;
import dev.shardmark.kernels.attention.AttentionHarness.Sizes;
import dev.shardmark.kernels.kvcache.KvPool;
import dev.shardmark.kernels.kvcache.KvSequence;
import dev.shardmark.kernels.kvcache.KvStorage;
import dev.shardmark.kernels.math.ReferenceBf16;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.SplittableRandom;

/** Operands for attention over a cache: blocks out of order, and NaN wherever no token is. */
final class CacheHarness {
  private static final int SPARE_BLOCKS = 3;

  final Heads q;
  final Heads k;
  final Heads v;
  final KvSequence cache;
  final float scale;

  private CacheHarness(Heads q, Heads k, Heads v, KvSequence cache) {
    this.q = q;
    this.k = k;
    this.v = v;
    this.cache = cache;
    scale = AttentionHarness.scale(q.headDim());
  }

  /** Operands; k and v hold what the cache holds, as a plain view. */
  static CacheHarness of(KvStorage storage, int blockTokens, Sizes s, Scores scores, long seed) {
    int blocks = Math.ceilDiv(s.kvTokens(), blockTokens) + SPARE_BLOCKS;
    KvPool pool = new KvPool(storage, blocks, blockTokens, s.kvHeads(), s.headDim());
    scramble(pool, seed);
    return in(pool, s, scores, seed);
  }

  /** Operands whose cache takes its blocks as the pool hands them out. */
  static CacheHarness in(KvPool pool, Sizes s, Scores scores, long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    Heads q = AttentionHarness.random(s.tokens(), s.heads(), s.headDim(), 1, false, random);
    Matrix k = matrix(s, pool.storage(), scores.factor, random);
    Matrix v = matrix(s, pool.storage(), 1, random);
    spoil(pool);
    KvSequence cache = new KvSequence(pool);
    Kernels.kvAppend(Variant.SCALAR).append(cache, k, v);
    return new CacheHarness(q, heads(k, s), heads(v, s), cache);
  }

  /** Null when right, otherwise a sentence with the sizes. */
  static String fault(
      CachedAttention attention,
      KvStorage storage,
      int blockTokens,
      Sizes s,
      boolean causal,
      Scores scores) {
    CacheHarness h = of(storage, blockTokens, s, scores, 7);
    Heads o = AttentionHarness.nan(s.tokens(), s.heads(), s.headDim(), true);
    Matrix lse = TestMatrices.nan(s.tokens(), s.heads());
    attention.attend(h.scale, causal, h.q, h.cache, o, lse);
    double worst = AttentionCheck.worst(h.scale, causal, h.q, h.k, h.v, o, lse);
    if (worst <= 1) {
      return null;
    }
    return "error over bound is "
        + worst
        + " "
        + s
        + " storage="
        + storage
        + " blockTokens="
        + blockTokens
        + " causal="
        + causal
        + " scores="
        + scores;
  }

  /** The reference of one query over the keys from {@code from} up to {@code to}. */
  ReferenceAttention.Expected part(boolean causal, int from, int to, int i, int h) {
    int visible = Attention.visible(i, q.tokens(), k.tokens(), causal);
    int seen = Math.clamp(visible - (long) from, 0, to - from);
    return ReferenceAttention.row(scale, false, q, k.slice(from, seen), v.slice(from, seen), i, h);
  }

  /** The largest error over its bound of a merge of parts. */
  double worstOfParts(boolean causal, int[] bounds, Heads o, Matrix lse) {
    double worst = 0;
    for (int i = 0; i < q.tokens(); i++) {
      for (int h = 0; h < q.heads(); h++) {
        ReferenceAttention.Expected all = part(causal, bounds[0], bounds[1], i, h);
        for (int p = 1; p < bounds.length - 1; p++) {
          all = ReferenceAttention.merged(all, part(causal, bounds[p], bounds[p + 1], i, h));
        }
        worst = Math.max(worst, AttentionCheck.worstOfRow(all, o, lse, i, h));
      }
    }
    return worst;
  }

  /** Makes a pool hand its blocks out in no order. */
  static void scramble(KvPool pool, long seed) {
    List<KvSequence> singles = new ArrayList<>();
    for (int i = 0; i < pool.blocks(); i++) {
      KvSequence single = new KvSequence(pool);
      single.extend(1);
      singles.add(single);
    }
    Collections.shuffle(singles, new Random(seed));
    singles.forEach(KvSequence::free);
  }

  /** Writes NaN to all K and V, but not to the padding of V. */
  private static void spoil(KvPool pool) {
    int width = pool.kvHeads() * pool.headDim();
    int tokens = pool.blocks() * pool.blockTokens();
    KvSequence all = new KvSequence(pool);
    Matrix nan = TestMatrices.nan(tokens, width);
    Kernels.kvAppend(Variant.SCALAR).append(all, nan, nan);
    all.free();
  }

  private static Matrix matrix(Sizes s, KvStorage storage, float factor, SplittableRandom random) {
    Matrix m = TestMatrices.padded(s.kvTokens(), s.kvHeads() * s.headDim(), random);
    for (int i = 0; i < m.data().length; i++) {
      float x = m.data()[i] * factor;
      m.data()[i] = storage == KvStorage.BF16 ? ReferenceBf16.round(x) : x;
    }
    return m;
  }

  private static Heads heads(Matrix m, Sizes s) {
    return new Heads(
        m.data(), m.offset(), m.rows(), s.kvHeads(), s.headDim(), m.rowStride(), s.headDim());
  }
}
