package dev.shardmark.kernels.attention;

import dev.shardmark.kernels.Matrix;
import dev.shardmark.kernels.TestMatrices;
import java.util.Arrays;
import java.util.SplittableRandom;

/** Runs attention on difficult operands and says what is wrong with the result, if anything. */
final class AttentionHarness {
  private static final int OFFSET = 5;
  private static final int PAD = 3;

  private AttentionHarness() {}

  /** Sizes of one call. */
  record Sizes(int tokens, int kvTokens, int heads, int kvHeads, int headDim) {}

  /** How large scores get: the factor on K, beside a scale of 1 / sqrt(D). */
  enum Scores {
    EQUAL(0),
    USUAL(1),
    /** One key takes nearly all the weight, many weights underflow. */
    EXTREME(200);

    final float factor;

    Scores(float factor) {
      this.factor = factor;
    }
  }

  /** Null when right, otherwise a sentence with the sizes. */
  static String fault(Attention attention, Sizes s, boolean causal, Scores scores, long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    boolean headsOutside = (s.tokens + s.kvTokens) % 2 == 1;
    Heads q = random(s.tokens, s.heads, s.headDim, 1, !headsOutside, random);
    Heads k = random(s.kvTokens, s.kvHeads, s.headDim, scores.factor, headsOutside, random);
    Heads v = random(s.kvTokens, s.kvHeads, s.headDim, 1, headsOutside, random);
    Heads before = nan(s.tokens, s.heads, s.headDim, headsOutside);
    Heads o = copy(before);
    Matrix lse = TestMatrices.nan(s.tokens, s.heads);
    float scale = scale(s.headDim);
    attention.attend(scale, causal, q, k, v, o, lse);
    double worst = AttentionCheck.worst(scale, causal, q, k, v, o, lse);
    String at = " " + s + " causal=" + causal + " scores=" + scores + " seed=" + seed;
    if (!(worst <= 1)) {
      return "error over bound is " + worst + at;
    }
    boolean same = TestMatrices.samePadding(TestMatrices.nan(s.tokens, s.heads), lse);
    return same && samePadding(before, o) ? null : "wrote outside O or lse" + at;
  }

  static float scale(int headDim) {
    return (float) (1 / Math.sqrt(Math.max(1, headDim)));
  }

  /** Values in [-factor, factor), with NaN between the heads. */
  static Heads random(
      int tokens, int heads, int dim, float factor, boolean headsOutside, SplittableRandom random) {
    Heads x = nan(tokens, heads, dim, headsOutside);
    for (int t = 0; t < tokens; t++) {
      for (int h = 0; h < heads; h++) {
        for (int d = 0; d < dim; d++) {
          x.data()[x.index(t, h) + d] = (random.nextFloat() * 2 - 1) * factor;
        }
      }
    }
    return x;
  }

  /** NaN in every element and all around. */
  static Heads nan(int tokens, int heads, int dim, boolean headsOutside) {
    int inner = dim + PAD;
    int outer = (headsOutside ? tokens : heads) * inner + PAD;
    float[] data = new float[OFFSET + (headsOutside ? heads : tokens) * outer + PAD];
    Arrays.fill(data, Float.NaN);
    return headsOutside
        ? new Heads(data, OFFSET, tokens, heads, dim, inner, outer)
        : new Heads(data, OFFSET, tokens, heads, dim, outer, inner);
  }

  static Heads copy(Heads x) {
    return new Heads(
        x.data().clone(),
        x.offset(),
        x.tokens(),
        x.heads(),
        x.headDim(),
        x.tokenStride(),
        x.headStride());
  }

  /** Whether every number outside the view has the same bits in both. */
  private static boolean samePadding(Heads before, Heads after) {
    boolean[] inside = new boolean[before.data().length];
    for (int t = 0; t < before.tokens(); t++) {
      for (int h = 0; h < before.heads(); h++) {
        int at = before.index(t, h);
        Arrays.fill(inside, at, at + before.headDim(), true);
      }
    }
    for (int i = 0; i < inside.length; i++) {
      if (!inside[i]
          && Float.floatToRawIntBits(before.data()[i])
              != Float.floatToRawIntBits(after.data()[i])) {
        return false;
      }
    }
    return true;
  }
}
