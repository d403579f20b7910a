package dev.shardmark.kernels.gemm;

import dev.shardmark.kernels.Matrix;
import dev.shardmark.kernels.TestMatrices;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;

/** Runs one grouped product on difficult operands and says what is wrong with it, if anything. */
final class GroupedGemmHarness {
  private GroupedGemmHarness() {}

  /** Null when right, otherwise a sentence with the shape. */
  static String fault(GroupedGemm gemm, int[] counts, int n, int k, WeightFormat format) {
    int[] offsets = offsets(counts);
    SplittableRandom random = new SplittableRandom(7);
    Matrix a = TestMatrices.padded(offsets[counts.length], k, random);
    List<PackedMatrix> b = weights(counts.length, n, k, format, random);
    Matrix before = TestMatrices.nan(a.rows(), n);
    Matrix c = TestMatrices.copy(before);
    gemm.multiply(a, offsets, b, c);
    double worst = ReferenceGroupedGemm.multiply(a, offsets, b).worst(c);
    String at = " counts=" + Arrays.toString(counts) + " n=" + n + " k=" + k + " " + format;
    // a scale is applied to a sum, and was applied to each value of the reference
    double scaled = format.bytes() == 1 ? (k + 4.0) / (k + 2) : 1;
    if (!(worst <= scaled)) {
      return "error over bound is " + worst + at;
    }
    return TestMatrices.samePadding(before, c) ? null : "wrote outside C" + at;
  }

  static List<PackedMatrix> weights(
      int groups, int n, int k, WeightFormat format, SplittableRandom random) {
    List<PackedMatrix> weights = new ArrayList<>();
    for (int e = 0; e < groups; e++) {
      weights.add(PackedMatrix.of(Op.PLAIN, TestMatrices.padded(k, n, random), format));
    }
    return weights;
  }

  static int[] offsets(int... counts) {
    int[] offsets = new int[counts.length + 1];
    for (int e = 0; e < counts.length; e++) {
      offsets[e + 1] = offsets[e] + counts[e];
    }
    return offsets;
  }
}
