package dev.shardmark.kernels.rope;

import dev.shardmark.kernels.Matrix;
import dev.shardmark.kernels.TestMatrices;
import java.util.SplittableRandom;

/** Runs one rotation on difficult operands and says what is wrong with it, if anything. */
final class RopeHarness {
  private static final int POSITIONS = 50;

  private RopeHarness() {}

  /** Null when right, otherwise what is wrong, and where. */
  static String fault(
      Rope rope, RopeLayout layout, int tokens, int heads, int headDim, int rotated, long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    Matrix before = TestMatrices.mixed(tokens, heads * headDim, random);
    int[] positions = random.ints(tokens, 0, POSITIONS).toArray();
    RopeTable table = table(rotated);
    Matrix x = TestMatrices.copy(before);
    rope.rotate(x, headDim, positions, table);
    double worst = ReferenceRope.rotate(layout, before, headDim, positions, table).worst(x);
    String at =
        " tokens="
            + tokens
            + " heads="
            + heads
            + " headDim="
            + headDim
            + " rotated="
            + rotated
            + " seed="
            + seed;
    if (!(worst <= 1)) {
      return "error over bound is " + worst + at;
    }
    return TestMatrices.samePadding(before, x) ? null : "wrote outside x" + at;
  }

  /** A computed table whose rows are apart, with NaN between them. */
  static RopeTable table(int rotated) {
    RopeTable dense = RopeTable.of(POSITIONS, rotated, 10_000);
    return new RopeTable(spaced(dense.cos()), spaced(dense.sin()));
  }

  private static Matrix spaced(Matrix dense) {
    Matrix spaced = TestMatrices.nan(dense.rows(), dense.cols());
    for (int i = 0; i < dense.rows(); i++) {
      for (int j = 0; j < dense.cols(); j++) {
        spaced.data()[spaced.offset() + i * spaced.rowStride() + j] = dense.at(i, j);
      }
    }
    return spaced;
  }
}
