package dev.shardmark.kernels.sampling;

import dev.shardmark.kernels.Matrix;
import dev.shardmark.kernels.TestMatrices;
import java.util.Arrays;
import java.util.SplittableRandom;

/** Runs one speculation and says what is wrong with it, if anything. */
final class SpeculationHarness {
  private SpeculationHarness() {}

  /** Null when right, otherwise a sentence with the shape. */
  static String fault(Speculation speculation, int drafted, int n, long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    Matrix p = probabilities(drafted + 1, n, random);
    Matrix q = probabilities(drafted, n, random);
    int[] tokens = new int[drafted];
    double[] accept = new double[drafted];
    Arrays.setAll(tokens, i -> random.nextInt(n));
    Arrays.setAll(accept, i -> random.nextDouble());
    double next = random.nextDouble();
    int[] token = new int[drafted + 1];
    Arrays.fill(token, -9);
    int written = speculation.verify(p, q, tokens, accept, next, token);
    double worst = SpeculationCheck.worst(p, q, tokens, accept, next, token, written);
    return worst <= 1
        ? null
        : "distance over bound is " + worst + " drafted=" + drafted + " V=" + n + " seed=" + seed;
  }

  /**
   * How far the first token's distribution is from the target's: the largest difference of a
   * probability, over a grid of 200 numbers that accept and of 200 that draw for each token the
   * draft may propose, weighted by the draft's probability of it.
   */
  static double distance(Speculation speculation) {
    int n = 7;
    int grid = 200;
    SplittableRandom random = new SplittableRandom(11);
    Matrix p = probabilities(2, n, random);
    Matrix q = probabilities(1, n, random);
    double[] probability = new double[n];
    for (int proposed = 0; proposed < n; proposed++) {
      int[] tokens = {proposed};
      double weight = q.at(0, proposed) / (double) (grid * grid);
      for (int a = 0; a < grid; a++) {
        double[] accept = {(a + 0.5) / grid};
        for (int b = 0; b < grid; b++) {
          int[] token = new int[2];
          speculation.verify(p, q, tokens, accept, (b + 0.5) / grid, token);
          probability[token[0]] += weight;
        }
      }
    }
    double worst = 0;
    for (int j = 0; j < n; j++) {
      worst = Math.max(worst, Math.abs(probability[j] - p.at(0, j)));
    }
    return worst;
  }

  /** Probabilities that add up to 1, some of them 0, padded with NaN. */
  static Matrix probabilities(int rows, int n, SplittableRandom random) {
    Matrix m = TestMatrices.nan(rows, n);
    for (int i = 0; i < rows; i++) {
      int at = m.offset() + i * m.rowStride();
      double[] mass = new double[n];
      Arrays.setAll(mass, j -> Math.max(0, random.nextDouble() - 0.2));
      mass[random.nextInt(n)] += 1;
      double sum = Arrays.stream(mass).sum();
      for (int j = 0; j < n; j++) {
        m.data()[at + j] = (float) (mass[j] / sum);
      }
    }
    return m;
  }
}
