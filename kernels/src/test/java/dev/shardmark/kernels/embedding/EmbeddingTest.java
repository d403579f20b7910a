package dev.shardmark.kernels.embedding;

import static dev.shardmark.kernels.Species.LANES;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.shardmark.kernels.Kernels;
import dev.shardmark.kernels.Matrix;
import dev.shardmark.kernels.TestMatrices;
import dev.shardmark.kernels.Variant;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every implementation of {@link Embedding} against the table, and wrong ones that are caught. */
final class EmbeddingTest {
  private static final int VOCABULARY = 11;

  private static final int[] IDS = {3, 0, 10, 3, 7, 6, 2};

  static Stream<Embedding> all() {
    return Stream.of(new ScalarEmbedding(), new VectorEmbedding());
  }

  @ParameterizedTest
  @MethodSource("all")
  void copiesRowsOfEveryWidth(Embedding embedding) {
    int[] widths = {0, 1, 3, LANES - 1, LANES, LANES + 1, 4 * LANES, 7 * LANES + 3};
    for (int model : widths) {
      assertThat(fault(embedding, model, 0, VOCABULARY, IDS)).isNull();
      assertThat(fault(embedding, model, 0, VOCABULARY, new int[0])).isNull();
    }
  }

  @ParameterizedTest
  @MethodSource("all")
  void givesZerosForIdsOfOtherRanksWhichAddUpToTheWhole(Embedding embedding) {
    int model = LANES + 1;
    Matrix table = TestMatrices.padded(VOCABULARY, model, new SplittableRandom(5));
    Matrix whole = Matrix.zeros(IDS.length, model);
    embedding.lookUp(table, IDS, whole);
    float[] sum = new float[whole.data().length];
    for (int rank = 0; rank < 4; rank++) { // 11 rows over 4 ranks are uneven
      int first = rank * VOCABULARY / 4;
      int rows = (rank + 1) * VOCABULARY / 4 - first;
      assertThat(fault(embedding, model, first, rows, IDS)).isNull();
      int at = table.offset() + first * table.rowStride();
      Matrix shard = new Matrix(table.data(), at, rows, model, table.rowStride());
      Matrix part = Matrix.zeros(IDS.length, model);
      embedding.lookUp(shard, first, VOCABULARY, IDS, part);
      for (int i = 0; i < sum.length; i++) {
        sum[i] += part.data()[i];
      }
    }
    assertThat(sum).isEqualTo(whole.data());
    assertThat(fault(embedding, model, 5, 0, IDS)).isNull();
  }

  @ParameterizedTest
  @MethodSource("all")
  void keepsTheBitsOfNaNAndNegativeZero(Embedding embedding) {
    Matrix table = Matrix.zeros(1, LANES + 2);
    table.data()[table.offset()] = Float.intBitsToFloat(0x7fc12345);
    table.data()[table.offset() + LANES + 1] = -0f;
    Matrix y = Matrix.zeros(1, LANES + 2);
    embedding.lookUp(table, new int[] {0}, y);
    assertThat(EmbeddingCheck.worst(table, 0, 1, new int[] {0}, y)).isZero();
  }

  @ParameterizedTest
  @MethodSource("all")
  void refusesABadIdBeforeItWrites(Embedding embedding) {
    Matrix table = Matrix.zeros(3, 2);
    for (int id : new int[] {-1, 3}) {
      Matrix y = TestMatrices.nan(2, 2);
      assertThatThrownBy(() -> embedding.lookUp(table, new int[] {0, id}, y))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessage("an id must be in 0..2: row=1 id=" + id);
      assertThat(y.data()).containsOnly(Float.NaN);
    }
  }

  @ParameterizedTest
  @MethodSource("all")
  void refusesOperandsThatDisagree(Embedding embedding) {
    Matrix table = Matrix.zeros(3, 2);
    Matrix y = Matrix.zeros(2, 2);
    assertThatThrownBy(() -> embedding.lookUp(table, new int[1], y))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("shapes disagree: table is 3x2, Y is 2x2, ids has 1");
    assertThatThrownBy(() -> embedding.lookUp(table, new int[2], Matrix.zeros(2, 3)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("Y is 2x3");
    for (int first : new int[] {-1, 3}) {
      assertThatThrownBy(() -> embedding.lookUp(table, first, 5, new int[2], y))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessage(
              "a table's rows must lie within the vocabulary: first="
                  + first
                  + " rows=3 vocabulary=5");
    }
  }

  @Test
  void selectsByVariantAndCountsTheWork() {
    assertThat(Kernels.embedding(Variant.SCALAR)).isInstanceOf(ScalarEmbedding.class);
    assertThat(Kernels.embedding(Variant.VECTOR)).isInstanceOf(VectorEmbedding.class);
    assertThatThrownBy(() -> Kernels.embedding(Variant.OPENBLAS))
        .isInstanceOf(IllegalArgumentException.class);
    assertThat(Embedding.work(5, 3, 10).flop()).isZero();
    assertThat(Embedding.work(5, 3, 10).bytes()).isEqualTo(20 + 120 + 200);
  }

  private static Map<String, Embedding> wrong() {
    Map<String, Embedding> wrong = new TreeMap<>();
    Embedding right = new ScalarEmbedding();
    wrong.put("writes nothing", (table, first, vocabulary, ids, y) -> {});
    wrong.put(
        "looks up the next id",
        (table, first, vocabulary, ids, y) -> {
          int[] next = ids.clone();
          for (int i = 0; i < next.length; i++) {
            next[i] = (ids[i] + 1) % vocabulary;
          }
          right.lookUp(table, first, vocabulary, next, y);
        });
    wrong.put(
        "does not subtract the first id",
        (table, first, vocabulary, ids, y) -> right.lookUp(table, 0, vocabulary, ids, y));
    wrong.put(
        "does not mask foreign ids",
        (table, first, vocabulary, ids, y) -> {
          int[] clamped = ids.clone();
          for (int i = 0; i < clamped.length; i++) {
            clamped[i] = Math.clamp(ids[i], first, first + table.rows() - 1);
          }
          right.lookUp(table, first, vocabulary, clamped, y);
        });
    wrong.put(
        "leaves foreign rows unwritten",
        (table, first, vocabulary, ids, y) -> {
          Matrix before = TestMatrices.copy(y);
          right.lookUp(table, first, vocabulary, ids, y);
          for (int i = 0; i < ids.length; i++) {
            if (ids[i] < first || ids[i] >= first + table.rows()) {
              int at = y.offset() + i * y.rowStride();
              System.arraycopy(before.data(), at, y.data(), at, y.cols());
            }
          }
        });
    wrong.put(
        "writes past the row",
        (table, first, vocabulary, ids, y) -> {
          right.lookUp(table, first, vocabulary, ids, y);
          y.data()[y.offset() + y.cols()] = 0;
        });
    return wrong;
  }

  static Stream<String> names() {
    return wrong().keySet().stream();
  }

  @ParameterizedTest
  @MethodSource("names")
  void rejects(String name) {
    assertThat(fault(wrong().get(name), 5, 2, 6, IDS)).isNotNull();
  }

  private static String fault(Embedding embedding, int model, int first, int rows, int[] ids) {
    Matrix table = TestMatrices.padded(rows, model, new SplittableRandom(42));
    Matrix before = TestMatrices.nan(ids.length, model);
    Matrix y = TestMatrices.copy(before);
    embedding.lookUp(table, first, VOCABULARY, ids, y);
    if (EmbeddingCheck.worst(table, first, VOCABULARY, ids, y) != 0) {
      return "wrong rows: model=" + model + " first=" + first + " rows=" + rows;
    }
    return TestMatrices.samePadding(before, y) ? null : "wrote outside Y: model=" + model;
  }
}
