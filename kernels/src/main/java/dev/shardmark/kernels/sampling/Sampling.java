package dev.shardmark.kernels.sampling;

/**
 * How to sample, in the order the steps are taken.
 *
 * @param temperature 0 for the largest logit, otherwise what logits are divided by
 * @param topK how many of the largest logits are kept, {@link #ALL} for all
 * @param topP the fewest largest of these are kept that have this share of their mass; 1 for all
 * @param minP what is less probable than this share of the most probable is dropped; 0 for none
 * @throws IllegalArgumentException if a setting is out of its range
 */
public record Sampling(float temperature, int topK, float topP, float minP) {
  /** No limit to how many logits are kept. */
  public static final int ALL = Integer.MAX_VALUE;

  /** Always the largest logit. */
  public static final Sampling GREEDY = new Sampling(0, ALL, 1, 0);

  /** Every token by its probability. */
  public static final Sampling PLAIN = new Sampling(1, ALL, 1, 0);

  public Sampling {
    // So that 1 / T is a normal float too.
    if (temperature != 0 && !(temperature >= 0x1p-126f && temperature <= 0x1p126f)) {
      throw new IllegalArgumentException(
          "temperature must be 0 or in 2^-126..2^126: temperature=" + temperature);
    }
    if (topK < 1) {
      throw new IllegalArgumentException("topK must be at least 1: topK=" + topK);
    }
    if (!(topP > 0 && topP <= 1)) {
      throw new IllegalArgumentException("topP must be above 0 and at most 1: topP=" + topP);
    }
    if (!(minP >= 0 && minP <= 1)) {
      throw new IllegalArgumentException("minP must be in 0..1: minP=" + minP);
    }
  }

  /** Whether no random number is needed. */
  public boolean greedy() {
    return temperature == 0;
  }

  /** The same at another temperature. */
  public Sampling withTemperature(float temperature) {
    return new Sampling(temperature, topK, topP, minP);
  }

  /** The same with another top-k. */
  public Sampling withTopK(int topK) {
    return new Sampling(temperature, topK, topP, minP);
  }

  /** The same with another top-p. */
  public Sampling withTopP(float topP) {
    return new Sampling(temperature, topK, topP, minP);
  }

  /** The same with another min-p. */
  public Sampling withMinP(float minP) {
    return new Sampling(temperature, topK, topP, minP);
  }
}
