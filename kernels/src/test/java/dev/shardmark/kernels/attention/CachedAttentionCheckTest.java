package dev.shardmark.kernels.attention;

import static org.assertj.core.api.Assertions.assertThat;

import dev.shardmark.kernels.Matrix;
import dev.shardmark.kernels.TestMatrices;
import dev.shardmark.kernels.attention.AttentionHarness.Scores;
import dev.shardmark.kernels.attention.AttentionHarness.Sizes;
import dev.shardmark.kernels.kvcache.KvPool;
import dev.shardmark.kernels.kvcache.KvSequence;
import dev.shardmark.kernels.kvcache.KvStorage;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Caches read wrongly and parts merged wrongly must be caught. */
final class CachedAttentionCheckTest {
  private static final int BLOCK = 16;
  private static final Sizes SIZES = new Sizes(2, 43, 4, 2, 9);
  private static final Attention RIGHT = new ScalarAttention();

  /** Where a reader looks for element d of a head of a token. */
  private interface Place {
    int of(KvSequence cache, int token, int kvHead, int d);
  }

  /** How a merge combines one part with what it has so far. */
  private interface Merge {
    void apply(Heads o, Matrix lse, Heads otherO, Matrix otherLse);
  }

  private static int right(KvSequence cache, int token, int kvHead, int d) {
    return cache.index(token, kvHead) + d;
  }

  private static Map<String, CachedAttention> wrong() {
    Map<String, CachedAttention> wrong = new TreeMap<>();
    wrong.put(
        "ignores the block table",
        reading(0, (c, t, g, d) -> c.pool().index(t / BLOCK, g, t % BLOCK) + d));
    wrong.put(
        "takes every token from the first block",
        reading(0, (c, t, g, d) -> c.pool().index(c.block(0), g, t % BLOCK) + d));
    wrong.put(
        "thinks the heads of a token lie side by side",
        reading(
            0,
            (c, t, g, d) ->
                c.pool().index(c.block(t / BLOCK), 0, 0)
                    + (t % BLOCK * c.pool().kvHeads() + g) * c.pool().headDim()
                    + d));
    wrong.put("reads the last partial block whole", reading(5, CachedAttentionCheckTest::right));
    wrong.put("misses the newest token", reading(-1, CachedAttentionCheckTest::right));
    wrong.put("misses the last partial block", reading(-11, CachedAttentionCheckTest::right));
    wrong.put(
        "takes the other head of K and V for a group",
        reading(0, (c, t, g, d) -> right(c, t, c.pool().kvHeads() - 1 - g, d)));
    wrong.put(
        "starts a block one token late",
        reading(0, (c, t, g, d) -> right(c, t - t % BLOCK + (t + 1) % BLOCK, g, d)));
    return wrong;
  }

  private static Map<String, Merge> wrongMerges() {
    Map<String, Merge> wrong = new TreeMap<>();
    wrong.put(
        "merges without weights",
        (o, l, p, pl) -> eachQuery(o, l, p, pl, (mine, other) -> new double[] {0.5, 0.5}));
    wrong.put(
        "adds parts without rescaling",
        (o, l, p, pl) -> eachQuery(o, l, p, pl, (mine, other) -> new double[] {1, 1}));
    wrong.put(
        "gives an empty part the weight of an lse of 0",
        (o, l, p, pl) ->
            eachQuery(
                o, l, p, pl, (mine, other) -> weights(mine, Double.isInfinite(other) ? 0 : other)));
    wrong.put(
        "takes the difference of two empty parts",
        (o, l, p, pl) ->
            eachQuery(
                o,
                l,
                p,
                pl,
                (mine, other) -> {
                  double w = 1 / (1 + Math.exp(other - mine));
                  return new double[] {w, 1 - w};
                }));
    wrong.put(
        "keeps the lse of the first part",
        (o, l, p, pl) -> {
          float[] before = l.data().clone();
          Attention.merge(o, l, p, pl);
          System.arraycopy(before, 0, l.data(), 0, before.length);
        });
    wrong.put("drops the part", (o, l, p, pl) -> {});
    return wrong;
  }

  private interface Weights {
    double[] of(double mine, double other);
  }

  private static double[] weights(double mine, double other) {
    double w = 1 / (1 + Math.exp(other - mine));
    return new double[] {w, 1 - w};
  }

  private static void eachQuery(Heads o, Matrix lse, Heads p, Matrix partLse, Weights weights) {
    for (int i = 0; i < o.tokens(); i++) {
      for (int h = 0; h < o.heads(); h++) {
        double mine = lse.at(i, h);
        double other = partLse.at(i, h);
        double[] w = weights.of(mine, other);
        for (int d = 0; d < o.headDim(); d++) {
          int at = o.index(i, h) + d;
          o.data()[at] = (float) (w[0] * o.data()[at] + w[1] * p.at(i, h, d));
        }
        double max = Math.max(mine, other);
        double sum = Math.exp(mine - max) + Math.exp(other - max);
        lse.data()[lse.offset() + i * lse.rowStride() + h] =
            max == Double.NEGATIVE_INFINITY ? (float) max : (float) (max + Math.log(sum));
      }
    }
  }

  static Stream<String> names() {
    return wrong().keySet().stream();
  }

  static Stream<String> mergeNames() {
    return wrongMerges().keySet().stream();
  }

  @ParameterizedTest
  @MethodSource("names")
  void theCheckRejects(String name) {
    assertThat(fault(wrong().get(name))).contains("error over bound");
  }

  @Test
  void theCheckAcceptsTheSameReadingDoneRight() {
    assertThat(fault(reading(0, CachedAttentionCheckTest::right))).isNull();
  }

  @Test
  void theCheckRejectsValuesThatWereTruncatedOnTheirWayIn() {
    CacheHarness h = CacheHarness.of(KvStorage.FP32, BLOCK, SIZES, Scores.USUAL, 7);
    float[] values = h.cache.pool().values();
    for (int i = 0; i < values.length; i++) {
      values[i] = Float.intBitsToFloat(Float.floatToRawIntBits(values[i]) & 0xffff0000);
    }
    Heads o = Heads.zeros(SIZES.tokens(), SIZES.heads(), SIZES.headDim());
    Matrix lse = Matrix.zeros(SIZES.tokens(), SIZES.heads());
    new VectorCachedAttention().attend(h.scale, true, h.q, h.cache, o, lse);
    assertThat(AttentionCheck.worst(h.scale, true, h.q, h.k, h.v, o, lse)).isGreaterThan(1);
  }

  @ParameterizedTest
  @MethodSource("mergeNames")
  void theCheckOfPartsRejects(String name) {
    assertThat(worstOfParts(wrongMerges().get(name))).isGreaterThan(1);
  }

  @Test
  void theCheckOfPartsAcceptsTheRightMerge() {
    assertThat(worstOfParts(Attention::merge)).isBetween(0.001, 1.0);
  }

  private static String fault(CachedAttention attention) {
    return CacheHarness.fault(attention, KvStorage.FP32, BLOCK, SIZES, false, Scores.USUAL);
  }

  /** Reads {@code more} tokens than there are, from wherever it thinks they are. */
  private static CachedAttention reading(int more, Place place) {
    return (scale, causal, q, cache, from, to, o, lse) -> {
      KvPool pool = cache.pool();
      Heads k = Heads.zeros(to - from + more, pool.kvHeads(), pool.headDim());
      Heads v = Heads.zeros(to - from + more, pool.kvHeads(), pool.headDim());
      for (int t = 0; t < k.tokens(); t++) {
        for (int g = 0; g < pool.kvHeads(); g++) {
          for (int d = 0; d < pool.headDim(); d++) {
            int at = place.of(cache, from + t, g, d);
            k.data()[k.index(t, g) + d] = pool.keys()[at];
            v.data()[v.index(t, g) + d] = pool.values()[at];
          }
        }
      }
      RIGHT.attend(scale, causal, q, k, v, o, lse);
    };
  }

  /** Two empty parts first, then all keys in two, and an empty one in between. */
  private static double worstOfParts(Merge merge) {
    int[] bounds = {0, 0, 0, 16, 16, 43};
    CacheHarness h = CacheHarness.of(KvStorage.FP32, BLOCK, SIZES, Scores.USUAL, 7);
    CachedAttention attention = new ScalarCachedAttention();
    Heads o = AttentionHarness.nan(SIZES.tokens(), SIZES.heads(), SIZES.headDim(), true);
    Matrix lse = TestMatrices.nan(SIZES.tokens(), SIZES.heads());
    attention.attendPart(h.scale, true, h.q, h.cache, 0, bounds[1], o, lse);
    for (int p = 1; p < bounds.length - 1; p++) {
      Heads partO = AttentionHarness.nan(SIZES.tokens(), SIZES.heads(), SIZES.headDim(), true);
      Matrix partLse = TestMatrices.nan(SIZES.tokens(), SIZES.heads());
      attention.attendPart(h.scale, true, h.q, h.cache, bounds[p], bounds[p + 1], partO, partLse);
      merge.apply(o, lse, partO, partLse);
    }
    return h.worstOfParts(true, bounds, o, lse);
  }
}
