package dev.shardmark.kernels.loss;

import dev.shardmark.kernels.Matrix;
import dev.shardmark.kernels.TestMatrices;
import java.util.Arrays;

/** Runs one cross-entropy, whole and by ranks, and says what is wrong, if anything. */
final class CrossEntropyHarness {
  private CrossEntropyHarness() {}

  /** Null when right, otherwise a sentence with the shape. */
  static String fault(CrossEntropy crossEntropy, Matrix x, int[] targets) {
    Matrix before = TestMatrices.copy(x);
    for (int ranks : new int[] {0, 1, 2, 3, 4}) {
      float[] loss = new float[x.rows()];
      Arrays.fill(loss, Float.NaN);
      float mean =
          ranks == 0
              ? crossEntropy.losses(x, targets, loss)
              : merged(crossEntropy, x, targets, ranks, loss);
      double worst = CrossEntropyCheck.worst(x, targets, Math.max(1, ranks), loss, mean);
      if (!(worst <= 1)) {
        return "error over bound is "
            + (worst + " rows=" + x.rows() + " cols=" + x.cols() + " ranks=" + ranks);
      }
    }
    return Arrays.equals(before.data(), x.data()) ? null : "changed X";
  }

  /** What ranks do, one after another. */
  private static float merged(
      CrossEntropy crossEntropy, Matrix x, int[] targets, int ranks, float[] loss) {
    Partials[] parts = new Partials[ranks];
    float[] largest = new float[x.rows()];
    Arrays.fill(largest, -Float.MAX_VALUE);
    for (int rank = 0; rank < ranks; rank++) {
      int first = rank * x.cols() / ranks;
      int cols = (rank + 1) * x.cols() / ranks - first;
      int at = x.rows() == 0 ? 0 : x.offset() + first;
      Matrix shard = new Matrix(x.data(), at, x.rows(), cols, x.rowStride());
      parts[rank] = Partials.ofRows(x.rows());
      crossEntropy.partials(shard, first, x.cols(), targets, parts[rank]);
      for (int i = 0; i < x.rows(); i++) {
        largest[i] = Math.max(largest[i], parts[rank].largest()[i]);
      }
    }
    Partials whole = Partials.ofRows(x.rows());
    for (Partials part : parts) {
      part.rescale(largest);
      for (int i = 0; i < x.rows(); i++) {
        whole.largest()[i] = part.largest()[i];
        whole.sum()[i] += part.sum()[i];
        whole.target()[i] += part.target()[i];
      }
    }
    return whole.losses(targets, loss);
  }
}
