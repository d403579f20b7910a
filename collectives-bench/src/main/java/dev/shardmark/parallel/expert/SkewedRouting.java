package dev.shardmark.parallel.expert;

import dev.shardmark.kernels.Matrix;
import dev.shardmark.kernels.moe.Routing;

/**
 * Experts drawn by a power law in place of a router: expert i is drawn with a probability
 * proportional to {@code (i + 1)^-exponent}, K different ones a token. The weights of a token fall
 * from choice to choice and add up to 1.
 *
 * <p>What token i of all draws depends on the seed and i alone, whichever rank holds it. K draws
 * without putting back are the K largest of {@code log p_i + G_i}, G_i of the Gumbel distribution.
 *
 * <p><b>Source</b> W. Kool, H. van Hoof and M. Welling, Stochastic Beams and Where to Find Them,
 * ICML 2019: the Gumbel-top-k trick.
 */
public final class SkewedRouting implements Assignment {
  private static final long GOLDEN = 0x9E3779B97F4A7C15L;

  private final int topK;
  private final long seed;
  private final int firstToken;
  private final double[] logProbability;
  private final double[] key;
  private Routing routing;

  /**
   * Draws.
   *
   * @param exponent 0 for uniform routing
   * @param firstToken of this rank, among all
   * @throws IllegalArgumentException if topK is not in 1..experts, or the exponent negative
   */
  public SkewedRouting(int experts, int topK, double exponent, long seed, int firstToken) {
    if (topK < 1 || topK > experts) {
      throw new IllegalArgumentException(
          "topK must be in 1..experts: topK=" + topK + " experts=" + experts);
    }
    if (!(exponent >= 0 && exponent <= Double.MAX_VALUE)) {
      throw new IllegalArgumentException(
          "the exponent of a power law must not be negative: exponent=" + exponent);
    }
    this.topK = topK;
    this.seed = seed;
    this.firstToken = firstToken;
    logProbability = new double[experts];
    for (int e = 0; e < experts; e++) {
      logProbability[e] = -exponent * Math.log(e + 1.0);
    }
    key = new double[experts];
    routing = Routing.zeros(0, topK);
  }

  /** Looks at the number of tokens alone. */
  @Override
  public Routing assign(Matrix normed) {
    if (routing.tokens() != normed.rows()) {
      routing = Routing.zeros(normed.rows(), topK);
      for (int t = 0; t < routing.tokens(); t++) {
        draw(t);
      }
    }
    return routing;
  }

  private void draw(int token) {
    for (int e = 0; e < key.length; e++) {
      long at = (long) (firstToken + token) * key.length + e;
      key[e] = logProbability[e] - Math.log(-Math.log(uniform(at)));
    }
    for (int i = 0; i < topK; i++) {
      int best = 0;
      for (int e = 1; e < key.length; e++) {
        best = key[e] > key[best] ? e : best;
      }
      key[best] = Double.NEGATIVE_INFINITY;
      routing.expert()[token * topK + i] = best;
      routing.weight()[token * topK + i] = 2f * (topK - i) / (topK * (topK + 1f));
    }
  }

  /** Between 0 and 1, and neither of them; the finaliser of SplitMix64. */
  private double uniform(long at) {
    long z = seed + GOLDEN * (at + 1);
    z = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
    z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
    return ((z ^ (z >>> 31)) >>> 12) * 0x1p-52 + 0x1p-53;
  }
}
