package dev.shardmark.kernels.attention;

import static dev.shardmark.kernels.Species.LANES;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.shardmark.kernels.Kernels;
import dev.shardmark.kernels.Matrix;
import dev.shardmark.kernels.TestMatrices;
import dev.shardmark.kernels.Variant;
import dev.shardmark.kernels.attention.AttentionHarness.Scores;
import dev.shardmark.kernels.attention.AttentionHarness.Sizes;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every variant and every path of {@link Attention} against the reference. */
final class AttentionTest {
  private static final int[] AROUND_LANES = {
    0, 1, 3, LANES - 1, LANES, LANES + 1, 2 * LANES, 2 * LANES + 3
  };

  private static Map<String, Attention> attentions() {
    Map<String, Attention> all = new LinkedHashMap<>();
    all.put("scalar", Kernels.attention(Variant.SCALAR));
    all.put("vector", Kernels.attention(Variant.VECTOR));
    all.put("tiled", new TiledVectorAttention());
    all.put("decode", new DecodeVectorAttention());
    return all;
  }

  static Stream<String> names() {
    return attentions().keySet().stream();
  }

  @ParameterizedTest
  @MethodSource("names")
  void agreesWithTheReferenceAroundLanes(String name) {
    Attention attention = attentions().get(name);
    List<String> faults = new ArrayList<>();
    for (int tokens : AROUND_LANES) {
      for (int kvTokens : AROUND_LANES) {
        for (int dim : new int[] {0, 1, 6, LANES + 3}) {
          for (boolean causal : new boolean[] {true, false}) {
            Sizes sizes = new Sizes(tokens, kvTokens, 2, 1, dim);
            add(faults, AttentionHarness.fault(attention, sizes, causal, Scores.USUAL, 42));
          }
        }
      }
    }
    assertThat(faults).isEmpty();
  }

  @ParameterizedTest
  @MethodSource("names")
  void agreesAcrossTilesGroupsAndScores(String name) {
    Attention attention = attentions().get(name);
    List<String> faults = new ArrayList<>();
    Sizes[] all = {
      new Sizes(40, 40, 4, 4, 13),
      new Sizes(37, 301, 6, 2, 20),
      new Sizes(1, 259, 8, 1, 64),
      new Sizes(5, 130, 4, 2, 33),
      new Sizes(70, 97, 3, 1, 24),
      new Sizes(9, 5, 2, 2, 7),
      new Sizes(0, 5, 2, 2, 7),
      new Sizes(5, 0, 2, 2, 7),
      new Sizes(5, 7, 0, 0, 7),
      new Sizes(5, 7, 0, 2, 7),
    };
    for (Sizes sizes : all) {
      for (Scores scores : Scores.values()) {
        for (boolean causal : new boolean[] {true, false}) {
          add(faults, AttentionHarness.fault(attention, sizes, causal, scores, 7));
        }
      }
    }
    assertThat(faults).isEmpty();
  }

  @ParameterizedTest
  @MethodSource("names")
  void oneKeyGivesItsValue(String name) {
    SplittableRandom random = new SplittableRandom(3);
    Heads q = AttentionHarness.random(5, 2, 9, 1, false, random);
    Heads k = AttentionHarness.random(1, 1, 9, 1, false, random);
    Heads v = AttentionHarness.random(1, 1, 9, 1, false, random);
    Heads o = AttentionHarness.nan(5, 2, 9, false);
    attentions().get(name).attend(1, false, q, k, v, o, TestMatrices.nan(5, 2));
    for (int i = 0; i < 5; i++) {
      for (int d = 0; d < 9; d++) {
        assertThat(o.at(i, 1, d)).isEqualTo(v.at(0, 0, d));
      }
    }
  }

  @ParameterizedTest
  @MethodSource("names")
  void oneInstanceLeavesNothingBehind(String name) {
    SplittableRandom random = new SplittableRandom(4);
    Attention attention = attentions().get(name);
    Heads q = AttentionHarness.random(40, 4, 12, 1, false, random);
    Heads k = AttentionHarness.random(133, 2, 12, 1, false, random);
    Heads first = AttentionHarness.nan(40, 4, 12, false);
    attention.attend(1, true, q, k, k, first, TestMatrices.nan(40, 4));
    for (int tokens : new int[] {1, 40}) { // a smaller call, then the same again
      Heads again = AttentionHarness.nan(tokens, 4, 12, false);
      attention.attend(
          1, true, q.slice(40 - tokens, tokens), k, k, again, TestMatrices.nan(tokens, 4));
      if (tokens == 40) {
        assertThat(again.data()).isEqualTo(first.data());
      }
    }
  }

  @ParameterizedTest
  @MethodSource("names")
  void twoPartsOfTheKeysMergeToTheWhole(String name) {
    Attention attention = attentions().get(name);
    SplittableRandom random = new SplittableRandom(5);
    Heads q = AttentionHarness.random(6, 4, 12, 1, false, random);
    Heads k = AttentionHarness.random(100, 2, 12, 9, false, random);
    Heads v = AttentionHarness.random(100, 2, 12, 1, true, random);
    for (int cut : new int[] {0, 1, 37, 100}) {
      Heads o = AttentionHarness.nan(6, 4, 12, false);
      Matrix lse = TestMatrices.nan(6, 4);
      attention.attend(1, false, q, k.slice(0, cut), v.slice(0, cut), o, lse);
      Heads otherO = AttentionHarness.nan(6, 4, 12, true);
      Matrix otherLse = TestMatrices.nan(6, 4);
      int rest = 100 - cut;
      attention.attend(1, false, q, k.slice(cut, rest), v.slice(cut, rest), otherO, otherLse);
      Attention.merge(o, lse, otherO, otherLse);
      for (int i = 0; i < 6; i++) {
        for (int h = 0; h < 4; h++) {
          ReferenceAttention.Expected parts =
              ReferenceAttention.merged(
                  ReferenceAttention.row(1, false, q, k.slice(0, cut), v.slice(0, cut), i, h),
                  ReferenceAttention.row(
                      1, false, q, k.slice(cut, rest), v.slice(cut, rest), i, h));
          double[] whole = ReferenceAttention.row(1, false, q, k, v, i, h).o();
          assertThat(parts.o()[3]).isCloseTo(whole[3], within(1e-12));
          assertThat(AttentionCheck.worstOfRow(parts, o, lse, i, h)).isLessThanOrEqualTo(1);
        }
      }
    }
  }

  @ParameterizedTest
  @MethodSource("names")
  void refusesShapesThatDisagree(String name) {
    Heads three = Heads.zeros(2, 3, 8);
    Heads two = Heads.zeros(5, 2, 8);
    assertThatThrownBy(
            () ->
                attentions().get(name).attend(1, false, three, two, two, three, Matrix.zeros(2, 3)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("shapes disagree: Q is 2x3x8, K is 5x2x8, V is 5x2x8, O is 2x3x8, lse is 2x3");
  }

  @Test
  void countsVisiblePairsAndWork() {
    for (int tokens = 0; tokens < 6; tokens++) {
      for (int kvTokens = 0; kvTokens < 6; kvTokens++) {
        long pairs = 0;
        for (int i = 0; i < tokens; i++) {
          pairs += Attention.visible(i, tokens, kvTokens, true);
        }
        assertThat(Attention.visiblePairs(tokens, kvTokens, true)).isEqualTo(pairs);
      }
    }
    assertThat(Attention.work(8, 2, 3, 5, 64, true).flop()).isEqualTo(4 * 8 * (3 + 4 + 5) * 64);
    assertThat(Attention.work(8, 2, 3, 5, 64, false).bytes())
        .isEqualTo(4 * 64 * (2 * 8 * 3 + 2 * 2 * 5));
  }

  private static void add(List<String> faults, String fault) {
    if (fault != null) {
      faults.add(fault);
    }
  }
}
