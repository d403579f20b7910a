package dev.shardmark.kernels.attention;

import static dev.shardmark.kernels.Species.LANES;
import static dev.shardmark.kernels.gemm.MicroKernel.KC;
import static dev.shardmark.kernels.gemm.MicroKernel.NR;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.shardmark.kernels.Kernels;
import dev.shardmark.kernels.Matrix;
import dev.shardmark.kernels.TestMatrices;
import dev.shardmark.kernels.Variant;
import dev.shardmark.kernels.attention.AttentionHarness.Scores;
import dev.shardmark.kernels.attention.AttentionHarness.Sizes;
import dev.shardmark.kernels.kvcache.KvPool;
import dev.shardmark.kernels.kvcache.KvSequence;
import dev.shardmark.kernels.kvcache.KvStorage;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Every variant of {@link CachedAttention} against the reference, and blocks against none. */
final class CachedAttentionTest {
  private static final int BLOCK = NR;

  @ParameterizedTest
  @EnumSource(KvStorage.class)
  void agreesWithTheReferenceAroundBlocksAndLanes(KvStorage storage) {
    List<String> faults = new ArrayList<>();
    for (Variant variant : Variant.OWN) {
      for (int kvTokens : new int[] {0, 1, 3, NR - 1, NR, NR + 1, 2 * NR - 1, 2 * NR + 1}) {
        for (int tokens : new int[] {0, 1, 3}) {
          for (int dim : new int[] {0, 1, LANES - 1, LANES + 3}) {
            for (boolean causal : new boolean[] {true, false}) {
              Sizes sizes = new Sizes(tokens, kvTokens, 4, 2, dim);
              add(faults, variant, storage, BLOCK, sizes, causal, Scores.USUAL);
            }
          }
        }
      }
    }
    assertThat(faults).isEmpty();
  }

  @ParameterizedTest
  @EnumSource(KvStorage.class)
  void agreesAcrossManyBlocksGroupsAndScores(KvStorage storage) {
    Sizes[] all = {
      new Sizes(1, 530, 8, 2, 128),
      new Sizes(4, 300, 4, 4, 20),
      new Sizes(1, 300, 3, 3, 2 * NR + 3),
      new Sizes(1, 90, 8, 1, 20),
      new Sizes(2, 259, 8, 1, 64),
      new Sizes(1, 40, 4, 2, 2 * KC + 3),
      new Sizes(7, 100, 8, 1, 2 * NR),
      new Sizes(5, 3, 2, 1, 9),
      new Sizes(1, 70, 0, 0, 9),
      new Sizes(1, 70, 0, 2, 9),
    };
    List<String> faults = new ArrayList<>();
    for (Variant variant : Variant.OWN) {
      for (Sizes sizes : all) {
        for (Scores scores : Scores.values()) {
          for (int blockTokens : new int[] {NR, 2 * NR, KvPool.BLOCK_TOKENS}) {
            add(faults, variant, storage, blockTokens, sizes, true, scores);
          }
        }
      }
    }
    assertThat(faults).isEmpty();
  }

  @ParameterizedTest
  @EnumSource(KvStorage.class)
  void agreesWithTheReferenceWithoutPages(KvStorage storage) {
    for (Variant variant : Variant.OWN) {
      for (int kvTokens : new int[] {0, 1, KC - 1, KC, KC + 1, 2 * KC + 17}) {
        Sizes s = new Sizes(2, kvTokens, 6, 2, 2 * LANES + 3);
        KvPool pool = KvPool.contiguous(storage, 1, kvTokens, 2, s.headDim());
        CacheHarness h = CacheHarness.in(pool, s, Scores.USUAL, 3);
        Heads o = AttentionHarness.nan(2, 6, s.headDim(), true);
        Matrix lse = TestMatrices.nan(2, 6);
        Kernels.cachedAttention(variant).attend(h.scale, true, h.q, h.cache, o, lse);
        assertThat(AttentionCheck.worst(h.scale, true, h.q, h.k, h.v, o, lse)).isBetween(0.0, 1.0);
      }
    }
  }

  @ParameterizedTest
  @EnumSource(KvStorage.class)
  void theOrderOfBlocksChangesNoBit(KvStorage storage) {
    for (Variant variant : Variant.OWN) {
      CachedAttention attention = Kernels.cachedAttention(variant);
      for (int kvTokens : new int[] {0, 1, NR - 1, NR, NR + 1, 255, 256, 257, 530}) {
        Sizes sizes = new Sizes(2, kvTokens, 6, 2, 2 * LANES + 3);
        for (int blockTokens : new int[] {NR, 2 * NR, 64, KC}) {
          float[] ascending = attend(attention, pool(storage, blockTokens, sizes), sizes);
          KvPool scrambled = pool(storage, blockTokens, sizes);
          CacheHarness.scramble(scrambled, 4);
          assertThat(attend(attention, scrambled, sizes)).isEqualTo(ascending);
        }
      }
    }
  }

  private static KvPool pool(KvStorage storage, int blockTokens, Sizes s) {
    int blocks = Math.ceilDiv(s.kvTokens(), blockTokens) + 3;
    return new KvPool(storage, blocks, blockTokens, s.kvHeads(), s.headDim());
  }

  private static float[] attend(CachedAttention attention, KvPool pool, Sizes s) {
    CacheHarness h = CacheHarness.in(pool, s, Scores.USUAL, 3);
    Heads o = Heads.zeros(s.tokens(), s.heads(), s.headDim());
    attention.attend(h.scale, true, h.q, h.cache, o, Matrix.zeros(s.tokens(), s.heads()));
    return o.data();
  }

  @Test
  void anInstanceServesSequencesOfAllSizes() {
    CachedAttention attention = new VectorCachedAttention();
    List<String> faults = new ArrayList<>();
    Sizes large = new Sizes(3, 300, 8, 2, 40);
    Sizes small = new Sizes(1, 5, 2, 1, 9);
    for (Sizes s : new Sizes[] {small, large, small}) {
      for (KvStorage storage : KvStorage.values()) {
        String fault = CacheHarness.fault(attention, storage, BLOCK, s, true, Scores.USUAL);
        if (fault != null) {
          faults.add(fault);
        }
      }
    }
    assertThat(faults).isEmpty();
  }

  @ParameterizedTest
  @EnumSource(KvStorage.class)
  void partsMergeToTheWhole(KvStorage storage) {
    int[][] cuts = {
      {0, 100}, {0, 37, 100}, {0, 0, 100}, {0, 64, 64, 100}, {0, 100, 100}, {0, 1, 32, 64, 97, 100}
    };
    for (Variant variant : Variant.OWN) {
      SplitAttention split = new SplitAttention(Kernels.cachedAttention(variant));
      for (boolean causal : new boolean[] {true, false}) {
        CacheHarness h =
            CacheHarness.of(storage, BLOCK, new Sizes(5, 100, 4, 2, 12), Scores.USUAL, 5);
        for (int[] bounds : cuts) {
          Heads o = AttentionHarness.nan(5, 4, 12, true);
          Matrix lse = TestMatrices.nan(5, 4);
          split.attend(h.scale, causal, h.q, h.cache, bounds, o, lse);
          assertThat(h.worstOfParts(causal, bounds, o, lse)).isLessThanOrEqualTo(1);
          double whole = h.part(causal, 0, 100, 2, 3).o()[7];
          assertThat((double) o.at(2, 3, 7)).isCloseTo(whole, within(1e-5));
        }
      }
    }
  }

  @Test
  void boundsCoverAllTokensInWholeBlocks() {
    for (int tokens : new int[] {0, 1, 31, 32, 33, 100, 1000}) {
      KvSequence cache = ofTokens(tokens);
      for (int parts : new int[] {1, 2, 3, 8}) {
        int[] bounds = SplitAttention.bounds(cache, parts);
        assertThat(bounds).hasSize(parts + 1).isSorted().startsWith(0).endsWith(tokens);
        for (int p = 0; p < parts; p++) {
          assertThat(bounds[p] % 32 == 0 || bounds[p] == tokens).isTrue();
        }
      }
    }
    assertThat(SplitAttention.bounds(ofTokens(100), 3)).containsExactly(0, 32, 64, 100);
  }

  @Test
  void refusesBoundsThatAreNone() {
    SplitAttention split = new SplitAttention(new ScalarCachedAttention());
    Heads q = Heads.zeros(1, 1, 1);
    for (int[] bounds : new int[][] {{}, {0}, {0, 4}, {1, 5}, {0, 3, 2, 5}}) {
      assertThatThrownBy(() -> split.attend(1, true, q, ofTokens(5), bounds, q, Matrix.zeros(1, 1)))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageStartingWith(
              "bounds must lead from 0 to tokens without descending: tokens=5 bounds=[");
    }
    assertThatThrownBy(() -> SplitAttention.bounds(ofTokens(5), 0))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("parts must be positive: parts=0");
  }

  @Test
  void refusesShapesThatDisagree() {
    KvSequence cache = new KvSequence(new KvPool(KvStorage.BF16, 1, BLOCK, 2, 8));
    Heads q = Heads.zeros(2, 3, 8);
    for (Variant variant : Variant.OWN) {
      CachedAttention attention = Kernels.cachedAttention(variant);
      assertThatThrownBy(() -> attention.attend(1, true, q, cache, q, Matrix.zeros(2, 3)))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessage(
              "shapes disagree: Q is 2x3x8, a token of the cache is 2x8, O is 2x3x8, lse is 2x3");
      assertThatThrownBy(() -> attention.attendPart(1, true, q, cache, 0, 1, q, Matrix.zeros(2, 3)))
          .isInstanceOf(IndexOutOfBoundsException.class);
    }
  }

  @Test
  void countsBytesAsStored() {
    long queries = 4L * 2 * 8 * 3 * 64;
    assertThat(CachedAttention.work(8, 2, 3, 5, 64, true, KvStorage.BF16).bytes())
        .isEqualTo(queries + 2L * 2 * 2 * 5 * 64);
    assertThat(CachedAttention.work(8, 2, 3, 5, 64, true, KvStorage.FP32))
        .isEqualTo(Attention.work(8, 2, 3, 5, 64, true));
  }

  private static KvSequence ofTokens(int tokens) {
    KvSequence cache = new KvSequence(new KvPool(KvStorage.FP32, 32, 32, 1, 1));
    cache.extend(tokens);
    return cache;
  }

  private static void add(
      List<String> faults,
      Variant variant,
      KvStorage storage,
      int blockTokens,
      Sizes sizes,
      boolean causal,
      Scores scores) {
    CachedAttention attention = Kernels.cachedAttention(variant);
    String fault = CacheHarness.fault(attention, storage, blockTokens, sizes, causal, scores);
    if (fault != null) {
      faults.add(variant + ": " + fault);
    }
  }
}
