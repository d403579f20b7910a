package dev.shardmark.kernels.sampling;

import dev.shardmark.kernels.Matrix;
import dev.shardmark.kernels.TestMatrices;
import java.util.Arrays;
import java.util.List;

/** Runs one sampler on a grid of numbers and says what is wrong with it, if anything. */
final class SamplerHarness {
  /** Every step alone, some together, and settings that make a step do nothing. */
  static final List<Sampling> SETTINGS =
      List.of(
          Sampling.GREEDY,
          Sampling.PLAIN,
          Sampling.PLAIN.withTemperature(0.3f),
          Sampling.PLAIN.withTemperature(7),
          Sampling.PLAIN.withTopK(1),
          Sampling.PLAIN.withTopK(4),
          Sampling.PLAIN.withTopK(70),
          Sampling.PLAIN.withTopP(0.6f),
          Sampling.PLAIN.withTopP(0.99f),
          Sampling.PLAIN.withTopP(1e-6f),
          Sampling.PLAIN.withMinP(0.2f),
          Sampling.PLAIN.withMinP(1),
          Sampling.PLAIN.withTopP(0.7f).withMinP(0.4f),
          Sampling.PLAIN.withTemperature(0.5f).withTopK(9).withTopP(0.8f),
          Sampling.PLAIN.withTemperature(2).withTopK(9).withMinP(0.5f),
          new Sampling(0.7f, 40, 0.9f, 0.05f));

  private static final int NUMBERS = 23;

  private SamplerHarness() {}

  /** Null when right, otherwise a sentence with the settings. */
  static String fault(Sampler sampler, Matrix logits, Sampling sampling) {
    ReferenceSampler[] rows = new ReferenceSampler[logits.rows()];
    Arrays.setAll(rows, i -> new ReferenceSampler(logits, i, sampling));
    Matrix before = TestMatrices.copy(logits);
    for (int number = 0; number < NUMBERS; number++) {
      double[] uniform = new double[logits.rows()];
      Arrays.fill(uniform, number == NUMBERS - 1 ? Math.nextDown(1.0) : (double) number / NUMBERS);
      int[] token = new int[logits.rows()];
      Arrays.fill(token, -9);
      sampler.sample(logits, sampling, sampling.greedy() ? null : uniform, token);
      for (int i = 0; i < logits.rows(); i++) {
        double worst = rows[i].worst(uniform[i], token[i]);
        if (!(worst <= 1)) {
          return ("distance over bound is " + worst + " row=" + i + " token=" + token[i])
              + (" uniform=" + uniform[i] + " V=" + logits.cols() + " " + sampling);
        }
      }
    }
    return Arrays.equals(before.data(), logits.data()) ? null : "changed the logits";
  }

  /** The first sentence over all settings. */
  static String fault(Sampler sampler, Matrix logits) {
    for (Sampling sampling : SETTINGS) {
      String fault = fault(sampler, logits, sampling);
      if (fault != null) {
        return fault;
      }
    }
    return null;
  }
}
