package dev.shardmark.kernels.moe;

import static dev.shardmark.kernels.Species.LANES;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.shardmark.kernels.Kernels;
import dev.shardmark.kernels.Matrix;
import dev.shardmark.kernels.TestMatrices;
import dev.shardmark.kernels.Variant;
import java.util.Arrays;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every implementation of {@link Combine} against the reference; wrong ones are caught. */
final class CombineTest {
  static Stream<Combine> all() {
    return Stream.of(new ScalarCombine(), new VectorCombine());
  }

  /** Null when right, otherwise a sentence. */
  private static String fault(Combine combine, Routing routing, int experts, int model) {
    Permutation permutation = new Permutation(experts);
    permutation.sort(routing);
    Matrix rows = TestMatrices.mixed(permutation.rows(), model, new SplittableRandom(model));
    Matrix before = TestMatrices.nan(routing.tokens(), model);
    Matrix y = TestMatrices.copy(before);
    combine.combine(rows, routing, permutation, y);
    double worst = ReferenceCombine.combine(rows, routing, experts).worst(y);
    if (!(worst <= 1)) {
      return "error over bound is " + worst + " routing=" + routing + " model=" + model;
    }
    return TestMatrices.samePadding(before, y) ? null : "wrote outside y";
  }

  @ParameterizedTest
  @MethodSource("all")
  void agreesWithTheReference(Combine combine) {
    int[] models = {0, 1, 3, LANES - 1, LANES, LANES + 1, 4 * LANES, 5 * LANES + 3, 9 * LANES};
    for (int model : models) {
      for (int topK : new int[] {1, 2, 3, 8}) {
        for (int tokens : new int[] {0, 1, 20}) {
          for (boolean drops : new boolean[] {false, true}) {
            Routing routing = PermutationTest.random(tokens, topK, 16, drops);
            assertThat(fault(combine, routing, 16, model)).isNull();
          }
        }
      }
    }
  }

  @ParameterizedTest
  @MethodSource("all")
  void aTokenWithoutAnExpertIsZeroAndItsWeightsAreNotRead(Combine combine) {
    Routing routing = new Routing(2, 2, new int[] {-1, -1, 0, -1}, new float[] {9, 9, 2, 9});
    routing.weight()[3] = Float.NaN;
    Permutation permutation = new Permutation(1);
    permutation.sort(routing);
    Matrix rows = new Matrix(new float[] {3, 4}, 0, 1, 2, 2);
    Matrix y = new Matrix(new float[] {7, 7, 7, 7}, 0, 2, 2, 2);
    combine.combine(rows, routing, permutation, y);
    assertThat(y.data()).containsExactly(0, 0, 6, 8);
  }

  @ParameterizedTest
  @MethodSource("all")
  void undoesAPermutationWhenWeightsAreOne(Combine combine) {
    Routing routing = PermutationTest.random(50, 1, 7, false);
    Arrays.fill(routing.weight(), 1);
    Permutation permutation = new Permutation(7);
    permutation.sort(routing);
    Matrix x = TestMatrices.padded(50, 2 * LANES + 1, new SplittableRandom(3));
    Matrix rows = Matrix.zeros(50, x.cols());
    permutation.gather(x, rows);
    Matrix y = TestMatrices.copy(x);
    combine.combine(rows, routing, permutation, y);
    assertThat(y.data()).containsExactly(x.data());
  }

  private static Map<String, Combine> wrong() {
    Map<String, Combine> wrong = new TreeMap<>();
    wrong.put(
        "combine without weights",
        (rows, r, p, y) -> {
          Routing ones = new Routing(r.tokens(), r.topK(), r.expert(), r.weight().clone());
          Arrays.fill(ones.weight(), 1);
          right(rows, ones, p, y);
        });
    wrong.put(
        "weights of the next choice",
        (rows, r, p, y) -> {
          float[] shifted = new float[r.choices()];
          System.arraycopy(r.weight(), 1, shifted, 0, r.choices() - 1);
          right(rows, new Routing(r.tokens(), r.topK(), r.expert(), shifted), p, y);
        });
    wrong.put(
        "rows of the next choice",
        (rows, r, p, y) -> {
          int first = p.row()[0];
          System.arraycopy(p.row(), 1, p.row(), 0, r.choices() - 1);
          p.row()[r.choices() - 1] = first;
          right(rows, r, p, y);
        });
    wrong.put(
        "first choice alone",
        (rows, r, p, y) -> {
          float[] first = r.weight().clone();
          for (int at = 0; at < first.length; at++) {
            first[at] *= at % r.topK() == 0 ? 1 : 0;
          }
          right(rows, new Routing(r.tokens(), r.topK(), r.expert(), first), p, y);
        });
    wrong.put(
        "y added to",
        (rows, r, p, y) -> {
          right(rows, r, p, y);
          y.data()[y.offset()] += 0.25f;
        });
    wrong.put(
        "one NaN",
        (rows, r, p, y) -> {
          right(rows, r, p, y);
          y.data()[y.offset() + 2 * y.rowStride() + 1] = Float.NaN;
        });
    wrong.put("writes nothing", (rows, r, p, y) -> {});
    return wrong;
  }

  private static void right(Matrix rows, Routing routing, Permutation permutation, Matrix y) {
    new ScalarCombine().combine(rows, routing, permutation, y);
  }

  static Stream<String> names() {
    return wrong().keySet().stream();
  }

  @ParameterizedTest
  @MethodSource("names")
  void rejects(String name) {
    Routing routing = PermutationTest.random(12, 3, 6, false);
    assertThat(fault(wrong().get(name), routing, 6, 9)).contains("error over bound");
  }

  @ParameterizedTest
  @MethodSource("all")
  void refusesOperandsThatDisagree(Combine combine) {
    Permutation permutation = new Permutation(2);
    Routing routing = Routing.zeros(3, 1);
    permutation.sort(routing);
    assertThatThrownBy(
            () -> combine.combine(Matrix.zeros(3, 4), routing, permutation, Matrix.zeros(3, 5)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("rows are 3x4, y is 3x5");
    assertThatThrownBy(
            () ->
                combine.combine(
                    Matrix.zeros(3, 4), Routing.zeros(4, 1), permutation, Matrix.zeros(4, 4)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("the routing has tokens=4");
  }

  @Test
  void selectsByVariantAndCountsTheWork() {
    assertThat(Kernels.combine(Variant.SCALAR)).isInstanceOf(ScalarCombine.class);
    assertThat(Kernels.combine(Variant.VECTOR)).isInstanceOf(VectorCombine.class);
    assertThatThrownBy(() -> Kernels.combine(Variant.OPENBLAS))
        .hasMessageContaining("kernel=combine");
    assertThat(Combine.work(10, 2, 100).flop()).isEqualTo(4000);
    assertThat(Combine.work(10, 2, 100).bytes()).isEqualTo(4 * (2000 + 40 + 1000));
  }
}
