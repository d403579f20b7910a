package dev.shardmark.kernels.gemm;

import static dev.shardmark.kernels.Species.LANES;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.shardmark.kernels.Kernels;
import dev.shardmark.kernels.Matrix;
import dev.shardmark.kernels.TestMatrices;
import dev.shardmark.kernels.Variant;
import dev.shardmark.kernels.Work;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every variant of {@link GroupedGemm}, and a check that catches each of these wrong ones. */
final class GroupedGemmTest {
  /** Groups around the paths of a packed product, with empty ones first, between and last. */
  private static final int[][] COUNTS = {
    {0}, {3}, {0, 0, 0}, {1, 1, 1}, {0, 2, 0, 0, 5, LANES, 0}, {LANES + 1, 0, 4, 33}, {270, 1}
  };

  static Stream<Variant> variants() {
    return Variant.OWN.stream();
  }

  @ParameterizedTest
  @MethodSource("variants")
  void agreesWithTheReferenceForEveryShapeWithOneInstance(Variant variant) {
    GroupedGemm gemm = Kernels.groupedGemm(variant);
    for (int[] counts : COUNTS) {
      for (int k : new int[] {0, 1, 9, 300}) {
        for (int n : new int[] {1, 6, 13, 197}) {
          for (WeightFormat format : WeightFormat.values()) {
            assertThat(GroupedGemmHarness.fault(gemm, counts, n, k, format)).isNull();
          }
        }
      }
    }
  }

  @ParameterizedTest
  @MethodSource("variants")
  void keepsANaNInItsRowAndReadsNoWeightsOfAnEmptyGroup(Variant variant) {
    Matrix a = TestMatrices.padded(4, 9, new SplittableRandom(1));
    a.data()[a.offset() + a.rowStride()] = Float.NaN;
    Matrix nan = Matrix.zeros(9, 5);
    Arrays.fill(nan.data(), Float.NaN);
    List<PackedMatrix> b =
        List.of(
            PackedMatrix.of(Op.PLAIN, TestMatrices.padded(9, 5, new SplittableRandom(2))),
            PackedMatrix.of(Op.PLAIN, nan),
            PackedMatrix.of(Op.PLAIN, TestMatrices.padded(9, 5, new SplittableRandom(3))));
    Matrix c = TestMatrices.nan(4, 5);
    Kernels.groupedGemm(variant).multiply(a, new int[] {0, 2, 2, 4}, b, c);
    for (int i = 0; i < 4; i++) {
      assertThat(Float.isNaN(c.at(i, 3))).isEqualTo(i == 1);
    }
  }

  private static Map<String, GroupedGemm> wrong() {
    Map<String, GroupedGemm> wrong = new TreeMap<>();
    wrong.put("offsets off by one", (a, o, b, c) -> right(a, changed(o, 2, 1), b, c));
    wrong.put("wrong expert's weights", (a, o, b, c) -> right(a, o, b.reversed(), c));
    wrong.put("the first expert's weights for all", (a, o, b, c) -> plain(a, 0, a.rows(), b, 0, c));
    wrong.put(
        "an empty group shifts the rest",
        (a, o, b, c) -> {
          int next = 0;
          for (int e = 0; e < b.size(); e++) {
            if (o[e] < o[e + 1]) {
              plain(a, o[e], o[e + 1], b, next++, c);
            }
          }
        });
    wrong.put(
        "leaves the last group out",
        (a, o, b, c) -> {
          for (int e = 0; e < b.size() - 1; e++) {
            plain(a, o[e], o[e + 1], b, e, c);
          }
        });
    wrong.put(
        "writes each group to the top",
        (a, o, b, c) -> {
          right(a, o, b, c);
          System.arraycopy(
              c.data(), c.offset() + o[3] * c.rowStride(), c.data(), c.offset(), c.cols());
        });
    wrong.put(
        "adds where it should overwrite",
        (a, o, b, c) -> {
          PackedVectorGemm gemm = new PackedVectorGemm();
          for (int e = 0; e < b.size(); e++) {
            gemm.multiplyRows(1, Op.PLAIN, a, o[e], o[e + 1] - o[e], b.get(e), 1, c);
          }
        });
    wrong.put("writes nothing", (a, o, b, c) -> {});
    return wrong;
  }

  private static void right(Matrix a, int[] offsets, List<PackedMatrix> b, Matrix c) {
    new ScalarGroupedGemm().multiply(a, offsets, b, c);
  }

  private static void plain(
      Matrix a, int from, int to, List<PackedMatrix> b, int expert, Matrix c) {
    new PackedVectorGemm().multiplyRows(1, Op.PLAIN, a, from, to - from, b.get(expert), 0, c);
  }

  private static int[] changed(int[] offsets, int at, int by) {
    int[] changed = offsets.clone();
    changed[at] += by;
    return changed;
  }

  static Stream<String> names() {
    return wrong().keySet().stream();
  }

  @ParameterizedTest
  @MethodSource("names")
  void rejects(String name) {
    int[] counts = {4, 0, 6, 3};
    GroupedGemm gemm = wrong().get(name);
    assertThat(GroupedGemmHarness.fault(new ScalarGroupedGemm(), counts, 13, 40, WeightFormat.FP32))
        .isNull();
    assertThat(GroupedGemmHarness.fault(gemm, counts, 13, 40, WeightFormat.FP32))
        .contains("error over bound");
    assertThat(worstOfLarge(gemm, counts)).isGreaterThan(1);
  }

  @ParameterizedTest
  @MethodSource("variants")
  void theCheckOfLargeProductsAcceptsTheRightOne(Variant variant) {
    assertThat(worstOfLarge(Kernels.groupedGemm(variant), new int[] {4, 0, 60, 3}))
        .isBetween(0.0, 1.0);
  }

  private static double worstOfLarge(GroupedGemm gemm, int[] counts) {
    int[] offsets = GroupedGemmHarness.offsets(counts);
    SplittableRandom random = new SplittableRandom(11);
    Matrix a = TestMatrices.padded(offsets[counts.length], 60, random);
    List<PackedMatrix> b =
        GroupedGemmHarness.weights(counts.length, 50, 60, WeightFormat.FP32, random);
    Matrix c = TestMatrices.nan(a.rows(), 50);
    gemm.multiply(a, offsets, b, c);
    return ReferenceGroupedGemm.worstOfLarge(a, offsets, b, c);
  }

  @Test
  void countsTheWeightsOfGroupsThatHaveRows() {
    Work work = GroupedGemm.work(new int[] {0, 4, 4, 7}, 5, 3, WeightFormat.BF16);
    assertThat(work).isEqualTo(new Work(2 * 7 * 5 * 3, 4 * (7 * 3 + 7 * 5) + 2 * (2 * 5 * 3)));
  }

  @ParameterizedTest
  @MethodSource("variants")
  void refusesWhatDoesNotFit(Variant variant) {
    GroupedGemm gemm = Kernels.groupedGemm(variant);
    Matrix a = Matrix.zeros(4, 3);
    Matrix c = Matrix.zeros(4, 2);
    PackedMatrix fits = PackedMatrix.of(Op.PLAIN, Matrix.zeros(3, 2));
    PackedMatrix wide = PackedMatrix.of(Op.PLAIN, Matrix.zeros(3, 5));
    List<PackedMatrix> b = List.of(fits, fits);
    assertThatThrownBy(() -> gemm.multiply(a, new int[] {0, 4}, b, c))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("offsets must be one more than groups: offsets.length=2 groups=2");
    assertThatThrownBy(() -> gemm.multiply(a, new int[] {0, 5, 4}, b, c))
        .hasMessage("offsets must not fall: group=1 from=5 to=4");
    assertThatThrownBy(() -> gemm.multiply(a, new int[] {0, 1, 3}, b, c))
        .hasMessage("offsets must run from 0 to the rows: first=0 last=3 rows=4");
    assertThatThrownBy(() -> gemm.multiply(a, new int[] {1, 1, 4}, b, c))
        .hasMessageContaining("first=1");
    assertThatThrownBy(() -> gemm.multiply(a, new int[] {0, 1, 4}, List.of(fits, wide), c))
        .hasMessage("shapes disagree: A is 4x3, C is 4x2, B of group 1 is 3x5");
    assertThatThrownBy(() -> gemm.multiply(Matrix.zeros(5, 3), new int[] {0, 1, 4}, b, c))
        .hasMessageContaining("A is 5x3");
  }
}
