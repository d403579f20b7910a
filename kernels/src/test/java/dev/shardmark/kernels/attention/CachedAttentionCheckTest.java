package dev.shardmark.kernels.attention;

import static dev.shardmark.kernels.gemm.MicroKernel.NR;
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
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Caches read wrongly and parts merged wrongly must be caught. */
final class CachedAttentionCheckTest {
  private static final int BLOCK = NR;
  private static final Sizes SIZES = new Sizes(2, 2 * BLOCK + 5, 4, 2, 9);
  private static final Attention RIGHT = new ScalarAttention();

  /** An element of the block that has a token. */
  private record Place(int block, int kvHead, int token, int d) {
    float key(KvPool pool) {
      return pool.keyAt(block, kvHead, token, d);
    }

    float value(KvPool pool) {
      return pool.valueAt(block, kvHead, token, d);
    }
  }

  /** Where a reader looks for element d of a head of a token. */
  private interface Reader {
    Place look(KvSequence cache, int token, int kvHead, int d);
  }

  /** How a merge combines one part with what it has so far. */
  private interface Merge {
    void apply(Heads o, Matrix lse, Heads otherO, Matrix otherLse);
  }

  private static Place right(KvSequence cache, int token, int kvHead, int d) {
    return new Place(cache.block(token / BLOCK), kvHead, token % BLOCK, d);
  }

  private static Map<String, CachedAttention> wrong() {
    Map<String, CachedAttention> wrong = new TreeMap<>();
    wrong.put(
        "ignores the block table",
        reading(0, (c, t, g, d) -> new Place(t / BLOCK, g, t % BLOCK, d)));
    wrong.put(
        "takes every token from the first block",
        reading(0, (c, t, g, d) -> new Place(c.block(0), g, t % BLOCK, d)));
    wrong.put(
        "thinks the heads of a token lie side by side",
        reading(
            0,
            (c, t, g, d) -> {
              int row = t % BLOCK * c.pool().kvHeads() + g;
              return new Place(c.block(t / BLOCK), row / BLOCK, row % BLOCK, d);
            }));
    wrong.put(
        "thinks a panel of K holds tokens one after the other",
        reading(
            0,
            (c, t, g, d) -> {
              int at = t % NR * c.pool().headDim() + d;
              int panel = t % BLOCK / NR * NR;
              return new Place(c.block(t / BLOCK), g, panel + at % NR, at / NR);
            },
            CachedAttentionCheckTest::right));
    wrong.put(
        "thinks a strip of V holds elements without padding",
        reading(
            0,
            CachedAttentionCheckTest::right,
            (c, t, g, d) -> {
              int at = t % BLOCK * c.pool().headDim() + d;
              int strip = at / (BLOCK * NR) * NR;
              return new Place(c.block(t / BLOCK), g, at / NR % BLOCK, strip + at % NR);
            }));
    wrong.put(
        "reads the last partial block whole", reading(BLOCK - 5, CachedAttentionCheckTest::right));
    wrong.put("misses the newest token", reading(-1, CachedAttentionCheckTest::right));
    wrong.put("misses the last partial block", reading(-5, CachedAttentionCheckTest::right));
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
  @Tag("kill-list")
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
    KvPool pool = h.cache.pool();
    for (int block = 0; block < pool.blocks(); block++) {
      for (int g = 0; g < pool.kvHeads(); g++) {
        for (float[] strip : pool.valueStrips(block, g)) {
          truncate(strip);
        }
      }
    }
    Heads o = Heads.zeros(SIZES.tokens(), SIZES.heads(), SIZES.headDim());
    Matrix lse = Matrix.zeros(SIZES.tokens(), SIZES.heads());
    new VectorCachedAttention().attend(h.scale, true, h.q, h.cache, o, lse);
    assertThat(AttentionCheck.worst(h.scale, true, h.q, h.k, h.v, o, lse)).isGreaterThan(1);
  }

  private static void truncate(float[] x) {
    for (int i = 0; i < x.length; i++) {
      x[i] = Float.intBitsToFloat(Float.floatToRawIntBits(x[i]) & 0xffff0000);
    }
  }

  @ParameterizedTest
  @MethodSource("mergeNames")
  @Tag("kill-list")
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

  private static CachedAttention reading(int more, Reader both) {
    return reading(more, both, both);
  }

  /** Reads {@code more} tokens than there are, from wherever it thinks they are. */
  private static CachedAttention reading(int more, Reader keys, Reader values) {
    return (scale, causal, q, cache, from, to, o, lse) -> {
      KvPool pool = cache.pool();
      Heads k = Heads.zeros(to - from + more, pool.kvHeads(), pool.headDim());
      Heads v = Heads.zeros(to - from + more, pool.kvHeads(), pool.headDim());
      for (int t = 0; t < k.tokens(); t++) {
        for (int g = 0; g < pool.kvHeads(); g++) {
          for (int d = 0; d < pool.headDim(); d++) {
            k.data()[k.index(t, g) + d] = keys.look(cache, from + t, g, d).key(pool);
            v.data()[v.index(t, g) + d] = values.look(cache, from + t, g, d).value(pool);
          }
        }
      }
      RIGHT.attend(scale, causal, q, k, v, o, lse);
    };
  }

  /** Two empty parts first, then all keys in two, and an empty one in between. */
  private static double worstOfParts(Merge merge) {
    int[] bounds = {0, 0, 0, BLOCK, BLOCK, SIZES.kvTokens()};
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
