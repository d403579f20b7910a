package dev.shardmark.parallel.expert;

import static org.assertj.core.api.Assertions.assertThat;

import dev.shardmark.kernels.Kernels;
import dev.shardmark.kernels.Matrix;
import dev.shardmark.kernels.Variant;
import dev.shardmark.kernels.gemm.Op;
import dev.shardmark.kernels.gemm.PackedMatrix;
import dev.shardmark.model.Linear;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/**
 * Whether a row of a product by packed weights depends on how many rows there are: what expert
 * parallelism may ask for bit for bit, and where it must not.
 */
class BatchInvarianceTest {
  private static final int K = 700; // more than one block of k
  private static final int N = 200; // and more than one group of columns
  private static final int MOST = 70;

  /** Rows that the vector kernel computes as dot products. */
  private static final int FEW = 4;

  private static final PackedMatrix WEIGHTS =
      PackedMatrix.of(Op.PLAIN, MoeCase.SOURCE.whole(Linear.EXPERT_DOWN, 0, K, N));

  @Test
  void rowsOfTheScalarKernelNeverDo() {
    float[] row = lastRow(Variant.SCALAR, 1);
    for (int rows = 2; rows <= MOST; rows++) {
      assertThat(lastRow(Variant.SCALAR, rows)).as("rows=%d", rows).isEqualTo(row);
    }
  }

  @Test
  void rowsOfTheVectorKernelDoOnlyWhereItTurnsToTiles() {
    float[] few = lastRow(Variant.VECTOR, 1);
    for (int rows = 2; rows <= FEW; rows++) {
      assertThat(lastRow(Variant.VECTOR, rows)).as("rows=%d", rows).isEqualTo(few);
    }
    float[] many = lastRow(Variant.VECTOR, FEW + 1);
    for (int rows = FEW + 2; rows <= MOST; rows++) {
      assertThat(lastRow(Variant.VECTOR, rows)).as("rows=%d", rows).isEqualTo(many);
    }
    assertThat(many).isNotEqualTo(few);
  }

  /** The same row, behind as many others. */
  private static float[] lastRow(Variant variant, int rows) {
    Matrix a = Matrix.zeros(rows, K);
    for (int i = 0; i < rows; i++) {
      Random random = new Random(rows - 1 - i);
      for (int j = 0; j < K; j++) {
        a.data()[a.offset() + i * K + j] = (float) random.nextGaussian();
      }
    }
    Matrix c = Matrix.zeros(rows, N);
    Kernels.groupedGemm(variant).multiply(a, new int[] {0, rows}, List.of(WEIGHTS), c);
    int last = c.offset() + (rows - 1) * N;
    return Arrays.copyOfRange(c.data(), last, last + N);
  }
}
