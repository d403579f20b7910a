package dev.shardmark.jmh;

import dev.shardmark.kernels.Kernels;
import dev.shardmark.kernels.Matrix;
import dev.shardmark.kernels.Variant;
import dev.shardmark.kernels.attention.Attention;
import dev.shardmark.kernels.attention.AttentionCheck;
import dev.shardmark.kernels.attention.CachedAttention;
import dev.shardmark.kernels.attention.Heads;
import dev.shardmark.kernels.kvcache.KvSequence;
import dev.shardmark.kernels.kvcache.KvStorage;
import dev.shardmark.kernels.math.ReferenceBf16;
import java.util.Arrays;

/** One attention of the decode benchmark: kernel, queries, cache and results. */
final class DecodeOperands {
  private final Runnable call;
  private final Heads o;
  private final Matrix lse;

  /** Makes operands and checks the result of one call, the filling of the cache included. */
  DecodeOperands(String variant, String shape, String causal, DecodeCache cache) {
    Variant chosen = Variant.of(variant);
    AttentionShape s = AttentionShape.of(shape);
    boolean mask = AttentionShape.causal(causal);
    float scale = (float) (1 / Math.sqrt(s.headDim()));
    int width = Math.multiplyExact(s.kvHeads(), s.headDim());
    Heads q = heads(RandomMatrix.of(s.tokens(), s.heads() * s.headDim(), 42), s.heads());
    Matrix keys = stored(RandomMatrix.of(s.kvTokens(), width, 43), cache.storage());
    Matrix values = stored(RandomMatrix.of(s.kvTokens(), width, 44), cache.storage());
    Heads k = heads(keys, s.kvHeads());
    Heads v = heads(values, s.kvHeads());
    o = Heads.zeros(s.tokens(), s.heads(), s.headDim());
    lse = Matrix.zeros(s.tokens(), s.heads());
    if (cache.layout() == DecodeCache.Layout.NONE) {
      Attention attention = Kernels.attention(chosen);
      call = () -> attention.attend(scale, mask, q, k, v, o, lse);
    } else {
      KvSequence sequence = cache.sequence(s.kvTokens(), s.kvHeads(), s.headDim());
      Kernels.kvAppend(chosen).append(sequence, keys, values);
      CachedAttention attention = Kernels.cachedAttention(chosen);
      call = () -> attention.attend(scale, mask, q, sequence, o, lse);
    }
    Arrays.fill(o.data(), Float.NaN);
    Arrays.fill(lse.data(), Float.NaN);
    attend();
    TrialFacts.check(
        "O and lse against a double reference",
        AttentionCheck.worstOfLarge(scale, mask, q, k, v, o, lse));
  }

  float[] attend() {
    call.run();
    return o.data();
  }

  /**
   * Rounds in place, so that the cache has nothing left to round and the reference sees the same.
   */
  private static Matrix stored(Matrix m, KvStorage storage) {
    if (storage == KvStorage.BF16) {
      for (int i = 0; i < m.data().length; i++) {
        m.data()[i] = ReferenceBf16.round(m.data()[i]);
      }
    }
    return m;
  }

  private static Heads heads(Matrix m, int heads) {
    int headDim = m.cols() / heads;
    return new Heads(m.data(), m.offset(), m.rows(), heads, headDim, m.rowStride(), headDim);
  }
}
