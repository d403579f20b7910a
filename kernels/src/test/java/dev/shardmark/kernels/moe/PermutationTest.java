package dev.shardmark.kernels.moe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.shardmark.kernels.Matrix;
import dev.shardmark.kernels.TestMatrices;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Rows sorted by expert, and a check that catches each of these wrong orders. */
final class PermutationTest {
  private static final int EXPERTS = 5;

  private interface Wrong {
    void change(int[] offset, int[] token, int[] row);
  }

  /** Random choices of different experts; with {@code drops}, every seventh choice is dropped. */
  static Routing random(int tokens, int topK, int experts, boolean drops) {
    Routing routing = Routing.zeros(tokens, topK);
    SplittableRandom random = new SplittableRandom(tokens);
    for (int at = 0; at < routing.choices(); at++) {
      int first = at % topK == 0 ? random.nextInt(experts) : routing.expert()[at - at % topK];
      routing.expert()[at] = (first + at % topK) % experts;
      routing.weight()[at] = random.nextFloat() * 2 - 1;
    }
    for (int at = 0; drops && at < routing.choices(); at += 7) {
      routing.expert()[at] = Routing.DROPPED;
    }
    return routing;
  }

  @Test
  void refusesMoreChoicesThanAnArrayHolds() {
    assertThatThrownBy(() -> Routing.zeros(1 << 20, 1 << 20))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("tokens * topK must be in 0..2^31-9: tokens=1048576 topK=1048576");
    assertThatThrownBy(() -> new Routing(1 << 20, 1 << 20, new int[8], new float[8]))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith("arrays must hold tokens * topK choices: tokens=1048576");
  }

  @Test
  void sortsAndGathersEveryShapeWithOneInstance() {
    for (int experts : new int[] {1, 2, 5, 64}) {
      Permutation permutation = new Permutation(experts);
      for (int tokens : new int[] {0, 1, 7, 100, 33}) {
        for (int topK = 1; topK <= Math.min(experts, 8); topK++) {
          for (boolean drops : new boolean[] {false, true}) {
            Routing routing = random(tokens, topK, experts, drops);
            permutation.sort(routing);
            assertThat(fault(permutation, routing)).isNull();
            assertThat(gatherFault(permutation, routing, experts)).isNull();
          }
        }
      }
    }
  }

  private static String gatherFault(Permutation permutation, Routing routing, int experts) {
    Matrix x = TestMatrices.padded(routing.tokens(), 9, new SplittableRandom(1));
    Matrix before = TestMatrices.nan(permutation.rows(), 9);
    Matrix rows = TestMatrices.copy(before);
    permutation.gather(x, rows);
    String fault = PermutationCheck.gatherFault(routing, experts, x, rows);
    return fault != null || TestMatrices.samePadding(before, rows) ? fault : "wrote outside rows";
  }

  private static String fault(Permutation permutation, Routing routing) {
    return PermutationCheck.fault(
        routing, permutation.offset(), permutation.token(), permutation.row());
  }

  private static Map<String, Wrong> wrong() {
    Map<String, Wrong> wrong = new TreeMap<>();
    wrong.put(
        "unstable sort",
        (offset, token, row) -> {
          int second = offset[3] + 1;
          for (int at = 0; at < row.length; at++) {
            row[at] = row[at] == second - 1 ? second : row[at] == second ? second - 1 : row[at];
          }
          swap(token, second - 1, second);
        });
    wrong.put("tokens of two rows swapped", (offset, token, row) -> swap(token, 0, 20));
    wrong.put("rows of two choices swapped", (offset, token, row) -> swap(row, 2, 3));
    wrong.put("offset off by one", (offset, token, row) -> offset[2]++);
    wrong.put("a row too many", (offset, token, row) -> offset[EXPERTS]++);
    wrong.put("a row for a dropped choice", (offset, token, row) -> row[7] = 3);
    wrong.put("choice in place of token", (offset, token, row) -> token[4] *= 2);
    wrong.put("offsets left at the ends", (o, token, row) -> System.arraycopy(o, 1, o, 0, EXPERTS));
    return wrong;
  }

  static Stream<String> names() {
    return wrong().keySet().stream();
  }

  @ParameterizedTest
  @MethodSource("names")
  @Tag("kill-list")
  void rejects(String name) {
    Routing routing = random(40, 2, EXPERTS, true);
    Permutation permutation = new Permutation(EXPERTS);
    permutation.sort(routing);
    assertThat(fault(permutation, routing)).isNull();
    wrong().get(name).change(permutation.offset(), permutation.token(), permutation.row());
    assertThat(fault(permutation, routing)).isNotNull();
  }

  @Test
  void rejectsAGatherOfTheWrongRow() {
    Routing routing = random(6, 2, EXPERTS, false);
    Matrix x = TestMatrices.padded(6, 3, new SplittableRandom(2));
    Permutation permutation = new Permutation(EXPERTS);
    permutation.sort(routing);
    Matrix rows = TestMatrices.nan(12, 3);
    permutation.gather(x, rows);
    rows.data()[rows.offset() + 5 * rows.rowStride() + 2] += 1e-6f;
    assertThat(PermutationCheck.gatherFault(routing, EXPERTS, x, rows)).startsWith("row 5");
  }

  @Test
  void refusesWhatDoesNotFit() {
    Permutation permutation = new Permutation(2);
    Routing routing = new Routing(1, 2, new int[] {1, 2}, new float[2]);
    assertThatThrownBy(() -> permutation.sort(routing))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("an expert must be in 0..experts-1 or dropped: token=0 expert=2 experts=2");
    permutation.sort(Routing.zeros(3, 1));
    assertThatThrownBy(() -> permutation.gather(Matrix.zeros(3, 4), Matrix.zeros(2, 4)))
        .hasMessage("shapes disagree: x is 3x4, rows are 2x4, sorted are tokens=3 rows=3");
    assertThatThrownBy(() -> permutation.gather(Matrix.zeros(2, 4), Matrix.zeros(3, 4)))
        .hasMessageContaining("x is 2x4");
    assertThatThrownBy(() -> new Permutation(0)).hasMessageContaining("experts=0");
    assertThatThrownBy(() -> Routing.zeros(1, 0)).hasMessageContaining("topK=0");
    assertThatThrownBy(() -> new Routing(2, 2, new int[4], new float[3]))
        .hasMessageContaining("weight.length=3");
  }

  @Test
  void countsTheWork() {
    assertThat(Permutation.work(10, 2, 100).bytes()).isEqualTo(4 * (20 + 1000 + 2000));
  }

  private static void swap(int[] a, int i, int j) {
    int was = a[i];
    a[i] = a[j];
    a[j] = was;
  }
}
