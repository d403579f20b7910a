package dev.shardmark.kernels.gemm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.shardmark.kernels.Expected;
import dev.shardmark.kernels.Kernels;
import dev.shardmark.kernels.Matrix;
import dev.shardmark.kernels.TestMatrices;
import dev.shardmark.kernels.Variant;
import dev.shardmark.kernels.Work;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Batches of products one behind the other, side by side and shared; wrong ones are caught. */
final class BatchedGemmTest {
  private static final int M = 5;
  private static final int N = 7;
  private static final int K = 9;
  private static final int COUNT = 4;

  /** How a product of batches goes: the right one, and mistakes. */
  private interface Product {
    void multiply(float alpha, Op opB, MatrixBatch a, MatrixBatch b, float beta, MatrixBatch c);
  }

  static Stream<Variant> variants() {
    return Variant.OWN.stream();
  }

  @ParameterizedTest
  @MethodSource("variants")
  void agreesWithTheReferenceHoweverOperandsLie(Variant variant) {
    Product product = right(Kernels.gemm(variant));
    for (boolean sharedB : new boolean[] {false, true}) {
      for (boolean beside : new boolean[] {false, true}) {
        for (Op opB : Op.values()) {
          assertThat(fault(product, sharedB, beside, opB, 1, 0)).isNull();
          assertThat(fault(product, sharedB, beside, opB, 1.5f, -0.5f)).isNull();
        }
      }
    }
  }

  private static Product right(Gemm gemm) {
    BatchedGemm batched = new BatchedGemm(gemm);
    return (alpha, opB, a, b, beta, c) -> batched.multiply(alpha, Op.PLAIN, a, opB, b, beta, c);
  }

  private static Map<String, Product> wrong() {
    Gemm gemm = new ScalarGemm();
    Map<String, Product> wrong = new TreeMap<>();
    wrong.put(
        "ignores the stride of A",
        (al, op, a, b, be, c) ->
            right(gemm).multiply(al, op, new MatrixBatch(a.get(0), COUNT, 0), b, be, c));
    wrong.put(
        "ignores the stride of B",
        (al, op, a, b, be, c) ->
            right(gemm).multiply(al, op, a, new MatrixBatch(b.get(0), COUNT, 0), be, c));
    wrong.put(
        "ignores the stride of C",
        (al, op, a, b, be, c) -> {
          for (int i = 0; i < COUNT; i++) {
            gemm.multiply(al, Op.PLAIN, a.get(i), op, b.get(i), be, c.get(0));
          }
        });
    wrong.put(
        "leaves the last one out",
        (al, op, a, b, be, c) -> {
          for (int i = 0; i < COUNT - 1; i++) {
            gemm.multiply(al, Op.PLAIN, a.get(i), op, b.get(i), be, c.get(i));
          }
        });
    wrong.put(
        "takes the next B",
        (al, op, a, b, be, c) -> {
          for (int i = 0; i < COUNT; i++) {
            gemm.multiply(al, Op.PLAIN, a.get(i), op, b.get((i + 1) % COUNT), be, c.get(i));
          }
        });
    wrong.put("ignores alpha", (al, op, a, b, be, c) -> right(gemm).multiply(1, op, a, b, be, c));
    wrong.put("ignores beta", (al, op, a, b, be, c) -> right(gemm).multiply(al, op, a, b, 0, c));
    return wrong;
  }

  static Stream<String> names() {
    return wrong().keySet().stream();
  }

  @ParameterizedTest
  @MethodSource("names")
  void rejects(String name) {
    assertThat(fault(wrong().get(name), false, false, Op.PLAIN, 1.5f, -0.5f)).isNotNull();
  }

  /** Null when right. */
  private static String fault(
      Product product, boolean sharedB, boolean beside, Op opB, float alpha, float beta) {
    SplittableRandom random = new SplittableRandom(3);
    MatrixBatch a = batch(TestMatrices.padded(M, K * COUNT, random), M, K, K);
    Matrix allB =
        TestMatrices.padded(COUNT * (opB == Op.PLAIN ? K : N), opB == Op.PLAIN ? N : K, random);
    int rowsB = allB.rows() / COUNT;
    MatrixBatch b = batch(allB, rowsB, allB.cols(), sharedB ? 0 : rowsB * allB.rowStride());
    Matrix before =
        beside
            ? TestMatrices.padded(M, N * COUNT, random)
            : TestMatrices.padded(M * COUNT, N, random);
    int stride = beside ? N : M * before.rowStride();
    Matrix after = TestMatrices.copy(before);
    MatrixBatch c = batch(after, M, N, stride);
    MatrixBatch old = batch(before, M, N, stride);
    product.multiply(alpha, opB, a, b, beta, c);
    for (int i = 0; i < COUNT; i++) {
      Expected expected =
          ReferenceGemm.multiply(alpha, Op.PLAIN, a.get(i), opB, b.get(i), beta, old.get(i));
      double worst = expected.worst(c.get(i));
      if (!(worst <= 1)) {
        return "error over bound is " + worst + " i=" + i;
      }
    }
    return TestMatrices.samePadding(before, after) ? null : "wrote outside C";
  }

  private static MatrixBatch batch(Matrix all, int rows, int cols, int stride) {
    Matrix first = new Matrix(all.data(), all.offset(), rows, cols, all.rowStride());
    return new MatrixBatch(first, COUNT, stride);
  }

  @Test
  void countsASharedOperandOnce() {
    MatrixBatch a = new MatrixBatch(Matrix.zeros(COUNT * M, K), 1, 0);
    Matrix stacked = a.get(0);
    MatrixBatch parts =
        new MatrixBatch(new Matrix(stacked.data(), stacked.offset(), M, K, K), COUNT, M * K);
    MatrixBatch shared = new MatrixBatch(Matrix.zeros(K, N), COUNT, 0);
    Matrix all = Matrix.zeros(COUNT * M, N);
    MatrixBatch c = new MatrixBatch(new Matrix(all.data(), all.offset(), M, N, N), COUNT, M * N);
    assertThat(BatchedGemm.work(Op.PLAIN, parts, shared, c))
        .isEqualTo(new Work(2 * COUNT * M * N * K, 4 * (COUNT * M * K + K * N + COUNT * M * N)));
  }

  @Test
  void refusesWhatDoesNotFit() {
    BatchedGemm gemm = new BatchedGemm(new ScalarGemm());
    MatrixBatch one = new MatrixBatch(Matrix.zeros(2, 2), 1, 0);
    MatrixBatch two = new MatrixBatch(Matrix.zeros(2, 2), 2, 0);
    MatrixBatch none = new MatrixBatch(Matrix.zeros(2, 2), 0, 0);
    gemm.multiply(1, Op.PLAIN, none, Op.PLAIN, none, 0, none);
    assertThat(BatchedGemm.work(Op.PLAIN, none, none, none)).isEqualTo(new Work(0, 0));
    assertThatThrownBy(() -> gemm.multiply(1, Op.PLAIN, one, Op.PLAIN, two, 0, two))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("batches must be equally long: A=1 B=2 C=2");
    assertThatThrownBy(() -> gemm.multiply(1, Op.PLAIN, two, Op.PLAIN, two, 0, two))
        .hasMessage("results must not overlap: batch=2");
    assertThatThrownBy(() -> new MatrixBatch(Matrix.zeros(2, 2), 2, -1))
        .hasMessage("a batch needs count, stride >= 0: count=2 stride=-1");
    for (int stride : new int[] {40, Integer.MAX_VALUE}) {
      assertThatThrownBy(() -> new MatrixBatch(Matrix.zeros(2, 2), 3, stride))
          .isInstanceOf(IndexOutOfBoundsException.class);
    }
  }
}
