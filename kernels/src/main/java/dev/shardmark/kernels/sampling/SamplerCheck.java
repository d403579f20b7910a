package dev.shardmark.kernels.sampling;

import dev.shardmark.kernels.Matrix;

/** Tells whether the tokens of a sampler are right. */
public final class SamplerCheck {
  private SamplerCheck() {}

  /** The largest distance of a number from what gives its token, over what it may be. */
  public static double worst(Matrix logits, Sampling sampling, double[] uniform, int[] token) {
    Sampler.checkOperands(logits, sampling, uniform, token);
    double worst = 0;
    for (int i = 0; i < logits.rows(); i++) {
      ReferenceSampler row = new ReferenceSampler(logits, i, sampling);
      worst = Math.max(worst, row.worst(sampling.greedy() ? 0 : uniform[i], token[i]));
    }
    return worst;
  }
}
