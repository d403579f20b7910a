package dev.shardmark.model;

import java.util.Map;

/**
 * The feed-forward part of a model's layers, or the part of it that one rank computes. Every MLP is
 * a gated one (SwiGLU): h x 2 f in, f x h out.
 */
public sealed interface FeedForwardConfig permits DenseMlp, MixtureOfExperts {
  /** Routed experts of an expert layer; 0 if the model has none. */
  int experts();

  /** Routed experts each token meets; 0 if the model has none. */
  int topK();

  /** The weight matrices of a layer, given the model's hidden size. */
  Map<Linear, WeightShape> linears(int layer, int hidden);

  /** Biases of a layer, those of {@code expertsCounted} of its routed experts included. */
  long vectorWeights(int layer, int hidden, int expertsCounted);

  /**
   * What one of {@code tensor} ranks computes, for each expert it holds.
   *
   * @param wholeExperts whether routed experts are left whole, to be divided among ranks instead
   * @throws IllegalArgumentException if a width does not divide
   */
  FeedForwardConfig shard(int tensor, boolean wholeExperts);
}
