package dev.shardmark.kernels.attention;

import static org.assertj.core.api.Assertions.assertThat;

import dev.shardmark.kernels.Matrix;
import dev.shardmark.kernels.TestMatrices;
import dev.shardmark.kernels.attention.AttentionHarness.Scores;
import dev.shardmark.kernels.attention.AttentionHarness.Sizes;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The check is itself checked: each of these wrong kernels must be caught. */
final class AttentionCheckTest {
  private static final Attention RIGHT = new ScalarAttention();
  private static final Sizes SIZES = new Sizes(7, 11, 4, 2, 9);

  /** What a wrong kernel does before, after, or instead of the right thing. */
  private static Map<String, Attention> wrong() {
    Map<String, Attention> wrong = new TreeMap<>();
    wrong.put("ignores the scale", (s, c, q, k, v, o, l) -> RIGHT.attend(1, c, q, k, v, o, l));
    wrong.put(
        "scales by 1 + 1e-4", (s, c, q, k, v, o, l) -> RIGHT.attend(s * 1.0001f, c, q, k, v, o, l));
    wrong.put("ignores the mask", (s, c, q, k, v, o, l) -> RIGHT.attend(s, false, q, k, v, o, l));
    wrong.put(
        "aligns the mask with the first key",
        (s, c, q, k, v, o, l) -> {
          int n = q.tokens();
          RIGHT.attend(s, c, q, k.slice(0, n), v.slice(0, n), o, l);
        });
    wrong.put(
        "drops the first key",
        (s, c, q, k, v, o, l) -> {
          int n = k.tokens() - 1;
          RIGHT.attend(s, c, q, k.slice(1, n), v.slice(1, n), o, l);
        });
    wrong.put(
        "shifts the values by one key",
        (s, c, q, k, v, o, l) -> {
          Heads shifted = AttentionHarness.copy(v);
          for (int j = 1; j < v.tokens(); j++) {
            for (int h = 0; h < v.heads(); h++) {
              System.arraycopy(
                  v.data(), v.index(j - 1, h), shifted.data(), v.index(j, h), v.headDim());
            }
          }
          RIGHT.attend(s, c, q, k, shifted, o, l);
        });
    wrong.put(
        "pairs heads in turn, not in groups",
        (s, c, q, k, v, o, l) -> {
          for (int h = 0; h < q.heads(); h++) {
            int kvHead = h % k.heads();
            RIGHT.attend(
                s, c, head(q, h), head(k, kvHead), head(v, kvHead), head(o, h), column(l, h));
          }
        });
    wrong.put(
        "shares the first head of K with all",
        (s, c, q, k, v, o, l) -> RIGHT.attend(s, c, q, head(k, 0), head(v, 0), o, l));
    wrong.put("writes nothing", (s, c, q, k, v, o, l) -> {});
    wrong.put("does not divide by the sum", after((o, lse, d) -> (float) (o * Math.exp(lse))));
    wrong.put("one NaN", after((o, lse, d) -> d == 8 ? Float.NaN : o));
    wrong.put("one infinity", after((o, lse, d) -> d == 8 ? 1 / 0f : o));
    wrong.put("zeros the last element", after((o, lse, d) -> d == 8 ? 0 : o));
    wrong.put("flips every sign", after((o, lse, d) -> -o));
    wrong.put("rounds the result to bf16", after((o, lse, d) -> bf16(o)));
    wrong.put(
        "rounds K to bf16",
        (s, c, q, k, v, o, l) -> {
          Heads rounded = AttentionHarness.copy(k);
          for (int i = 0; i < rounded.data().length; i++) {
            rounded.data()[i] = bf16(rounded.data()[i]);
          }
          RIGHT.attend(s, c, q, rounded, v, o, l);
        });
    wrong.put("gives lse in base 2", afterLse(lse -> (float) (lse / Math.log(2))));
    wrong.put("gives the sum for lse", afterLse(lse -> (float) Math.exp(lse)));
    wrong.put("gives an lse off by 1e-5", afterLse(lse -> lse + 1e-5f));
    return wrong;
  }

  private interface Change {
    float apply(float o, float lse, int d);
  }

  private interface LseChange {
    float apply(float lse);
  }

  private static Attention after(Change change) {
    return (s, c, q, k, v, o, l) -> {
      RIGHT.attend(s, c, q, k, v, o, l);
      for (int h = 0; h < q.heads(); h++) {
        int at = o.index(q.tokens() - 1, h);
        for (int d = 0; d < o.headDim(); d++) {
          o.data()[at + d] = change.apply(o.data()[at + d], l.at(q.tokens() - 1, h), d);
        }
      }
    };
  }

  private static Attention afterLse(LseChange change) {
    return (s, c, q, k, v, o, l) -> {
      RIGHT.attend(s, c, q, k, v, o, l);
      int at = l.offset() + (q.tokens() - 1) * l.rowStride();
      l.data()[at] = change.apply(l.data()[at]);
    };
  }

  private static Heads head(Heads x, int h) {
    return new Heads(
        x.data(), x.index(0, h), x.tokens(), 1, x.headDim(), x.tokenStride(), x.headStride());
  }

  private static Matrix column(Matrix lse, int h) {
    return new Matrix(lse.data(), lse.offset() + h, lse.rows(), 1, lse.rowStride());
  }

  private static float bf16(float x) {
    return Float.intBitsToFloat(Float.floatToRawIntBits(x) & 0xffff0000);
  }

  static Stream<String> names() {
    return wrong().keySet().stream();
  }

  @ParameterizedTest
  @MethodSource("names")
  @Tag("kill-list")
  void theCheckRejects(String name) {
    assertThat(AttentionHarness.fault(wrong().get(name), SIZES, true, Scores.USUAL, 1))
        .contains("error over bound");
  }

  @ParameterizedTest
  @MethodSource("names")
  void theCheckOfLargeResultsRejects(String name) {
    assertThat(worstOfLarge(wrong().get(name))).isGreaterThan(1);
  }

  @Test
  void bothChecksAcceptTheRightResultAndAreTight() {
    assertThat(AttentionHarness.fault(RIGHT, SIZES, true, Scores.USUAL, 1)).isNull();
    assertThat(worstOfLarge(RIGHT)).isBetween(0.01, 1.0);
  }

  @Test
  void aWriteOutsideTheViewIsSeen() {
    Attention stray =
        (s, c, q, k, v, o, l) -> {
          RIGHT.attend(s, c, q, k, v, o, l);
          o.data()[o.index(0, 0) + o.headDim()] = 0;
        };
    assertThat(AttentionHarness.fault(stray, SIZES, true, Scores.USUAL, 1))
        .contains("wrote outside");
  }

  private static double worstOfLarge(Attention attention) {
    SplittableRandom random = new SplittableRandom(9);
    Heads q = AttentionHarness.random(20, 4, 9, 1, false, random);
    Heads k = AttentionHarness.random(33, 2, 9, 1, true, random);
    Heads v = AttentionHarness.random(33, 2, 9, 1, false, random);
    Heads o = AttentionHarness.nan(20, 4, 9, true);
    Matrix lse = TestMatrices.nan(20, 4);
    float scale = AttentionHarness.scale(9);
    attention.attend(scale, true, q, k, v, o, lse);
    return AttentionCheck.worstOfLarge(scale, true, q, k, v, o, lse);
  }
}
