package dev.shardmark.jmh;

import dev.shardmark.kernels.Kernels;
import dev.shardmark.kernels.Matrix;
import dev.shardmark.kernels.Variant;
import dev.shardmark.kernels.attention.Attention;
import dev.shardmark.kernels.attention.AttentionCheck;
import dev.shardmark.kernels.attention.Heads;
import java.util.Arrays;

/** One attention of a benchmark: kernel, operands and results. */
final class AttentionOperands {
  private final Attention attention;
  private final boolean causal;
  private final float scale;
  private final Heads q;
  private final Heads k;
  private final Heads v;
  private final Heads o;
  private final Matrix lse;

  /** Makes operands and checks the result of one call. */
  AttentionOperands(String variant, String shape, String causal) {
    attention = Kernels.attention(Variant.of(variant));
    AttentionShape s = AttentionShape.of(shape);
    this.causal = AttentionShape.causal(causal);
    scale = (float) (1 / Math.sqrt(s.headDim()));
    q = random(s.tokens(), s.heads(), s.headDim(), 42);
    k = random(s.kvTokens(), s.kvHeads(), s.headDim(), 43);
    v = random(s.kvTokens(), s.kvHeads(), s.headDim(), 44);
    o = Heads.zeros(s.tokens(), s.heads(), s.headDim());
    lse = Matrix.zeros(s.tokens(), s.heads());
    verifyOnce();
  }

  private void verifyOnce() {
    Arrays.fill(o.data(), Float.NaN);
    Arrays.fill(lse.data(), Float.NaN);
    attend();
    TrialFacts.check(
        "O and lse against a double reference",
        AttentionCheck.worstOfLarge(scale, causal, q, k, v, o, lse));
  }

  float[] attend() {
    attention.attend(scale, causal, q, k, v, o, lse);
    return o.data();
  }

  private static Heads random(int tokens, int heads, int headDim, long seed) {
    Matrix m = RandomMatrix.of(tokens, Math.multiplyExact(heads, headDim), seed);
    return new Heads(m.data(), m.offset(), tokens, heads, headDim, m.rowStride(), headDim);
  }
}
