package dev.shardmark.kernels.gemm;

import static org.assertj.core.api.Assertions.assertThat;

import dev.shardmark.kernels.Matrix;
import dev.shardmark.kernels.TestMatrices;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The checks are themselves checked: each of these wrong kernels must be caught. */
final class GemmCheckTest {
  private static final Gemm RIGHT = new ScalarGemm();

  /** What a wrong kernel does after, or instead of, the right product. */
  private static Map<String, Gemm> wrong() {
    Map<String, Gemm> wrong = new TreeMap<>();
    wrong.put(
        "drops the last step of k",
        (al, oa, a, ob, b, be, c) -> {
          int k = a.cols() - 1;
          RIGHT.multiply(
              al,
              new Matrix(a.data(), a.offset(), a.rows(), k, a.rowStride()),
              new Matrix(b.data(), b.offset(), k, b.cols(), b.rowStride()),
              be,
              c);
        });
    wrong.put(
        "scales by 1 + 1e-4",
        (al, oa, a, ob, b, be, c) -> RIGHT.multiply(al * 1.0001f, a, b, be, c));
    wrong.put("ignores alpha", (al, oa, a, ob, b, be, c) -> RIGHT.multiply(1, a, b, be, c));
    wrong.put("ignores beta", (al, oa, a, ob, b, be, c) -> RIGHT.multiply(al, a, b, 0, c));
    wrong.put(
        "adds where it should overwrite",
        (al, oa, a, ob, b, be, c) -> {
          RIGHT.multiply(al, a, b, be, c);
          RIGHT.multiply(al, a, b, 1, c);
        });
    wrong.put("writes nothing", (al, oa, a, ob, b, be, c) -> {});
    wrong.put("swaps two rows", after((c, i, j, v) -> i < 2 ? c.at(1 - i, j) : v));
    wrong.put("swaps two columns", after((c, i, j, v) -> j < 2 ? c.at(i, 1 - j) : v));
    wrong.put("shifts columns by one", after((c, i, j, v) -> c.at(i, (j + 1) % c.cols())));
    wrong.put("one NaN", after((c, i, j, v) -> i == 0 && j == 0 ? Float.NaN : v));
    wrong.put("one infinity", after((c, i, j, v) -> i == 0 && j == 0 ? 1 / 0f : v));
    wrong.put("zeros the last row", after((c, i, j, v) -> i == c.rows() - 1 ? 0 : v));
    wrong.put("zeros the last column", after((c, i, j, v) -> j == c.cols() - 1 ? 0 : v));
    wrong.put("flips every sign", after((c, i, j, v) -> -v));
    wrong.put("rounds the result to bf16", after((c, i, j, v) -> bf16(v)));
    wrong.put(
        "rounds A to bf16",
        (al, oa, a, ob, b, be, c) -> {
          Matrix rounded = TestMatrices.copy(a);
          for (int i = 0; i < rounded.data().length; i++) {
            rounded.data()[i] = bf16(rounded.data()[i]);
          }
          RIGHT.multiply(al, rounded, b, be, c);
        });
    return wrong;
  }

  private interface Change {
    float apply(Matrix right, int i, int j, float value);
  }

  private static Gemm after(Change change) {
    return (al, oa, a, ob, b, be, c) -> {
      RIGHT.multiply(al, a, b, be, c);
      Matrix right = TestMatrices.copy(c);
      for (int i = 0; i < c.rows(); i++) {
        for (int j = 0; j < c.cols(); j++) {
          c.data()[c.offset() + i * c.rowStride() + j] = change.apply(right, i, j, right.at(i, j));
        }
      }
    };
  }

  private static float bf16(float x) {
    return Float.intBitsToFloat(Float.floatToRawIntBits(x) & 0xffff0000);
  }

  static Stream<String> names() {
    return wrong().keySet().stream();
  }

  @ParameterizedTest
  @MethodSource("names")
  void theElementwiseCheckRejects(String name) {
    assertThat(GemmHarness.fault(wrong().get(name), 7, 9, 33, 1.5f, -0.5f, false, 1))
        .contains("error over bound");
  }

  @ParameterizedTest
  @MethodSource("names")
  void theCheckOfLargeProductsRejects(String name) {
    // beta is 0 here, so C starts as NaN and a kernel may rightly ignore beta
    double worst = worstOfLarge(wrong().get(name));
    if (name.equals("ignores beta")) {
      assertThat(worst).isLessThanOrEqualTo(1);
    } else {
      assertThat(worst).isGreaterThan(1);
    }
  }

  @ParameterizedTest
  @MethodSource("right")
  void bothChecksAcceptTheRightProduct(Gemm gemm) {
    assertThat(worstOfLarge(gemm)).isBetween(0.0, 1.0);
    assertThat(GemmHarness.fault(gemm, 7, 9, 33, 1.5f, -0.5f, false, 1)).isNull();
  }

  static Stream<Gemm> right() {
    return Stream.of(new ScalarGemm(), new VectorGemm());
  }

  /** On squares no shape gives it away. */
  @Test
  void aKernelThatIgnoresATransposeIsSeen() {
    Gemm ignoresA = (al, oa, a, ob, b, be, c) -> RIGHT.multiply(al, Op.PLAIN, a, ob, b, be, c);
    Gemm ignoresB = (al, oa, a, ob, b, be, c) -> RIGHT.multiply(al, oa, a, Op.PLAIN, b, be, c);
    Gemm swaps = (al, oa, a, ob, b, be, c) -> RIGHT.multiply(al, ob, a, oa, b, be, c);
    for (Gemm wrong : List.of(ignoresA, ignoresB)) {
      assertThat(GemmHarness.fault(wrong, Op.TRANSPOSED, Op.TRANSPOSED, 9, 9, 9, 1, 0, false, 1))
          .contains("error over bound");
    }
    assertThat(GemmHarness.fault(swaps, Op.TRANSPOSED, Op.PLAIN, 9, 9, 9, 1, 0, false, 1))
        .contains("error over bound");
  }

  @ParameterizedTest
  @MethodSource("strays")
  void aWriteOutsideTheViewIsSeen(int at) {
    Gemm stray =
        (al, oa, a, ob, b, be, c) -> {
          RIGHT.multiply(al, a, b, be, c);
          c.data()[at < 0 ? c.data().length + at : at] = 0;
        };
    assertThat(GemmHarness.fault(stray, 7, 9, 33, 1, 0, false, 1)).contains("wrote outside C");
  }

  /** Before the first element, between the first two rows, and the end of the buffer. */
  static Stream<Integer> strays() {
    return Stream.of(4, 5 + 9, -1);
  }

  private static double worstOfLarge(Gemm gemm) {
    SplittableRandom random = new SplittableRandom(9);
    Matrix a = TestMatrices.padded(40, 60, random);
    Matrix b = TestMatrices.padded(60, 50, random);
    Matrix c = TestMatrices.nan(40, 50);
    gemm.multiply(1.5f, a, b, 0, c);
    return GemmCheck.worstOfLarge(1.5f, a, b, c);
  }
}
