package dev.shardmark.model;

import java.util.Map;

/** The attention of every layer of a model, or the part of it that one rank computes. */
public sealed interface AttentionConfig permits GroupedQueryAttention, LatentAttention {
  /** Query heads. */
  int heads();

  /** The weight matrices, given the model's hidden size. */
  Map<Linear, WeightShape> linears(int hidden);

  /** Weights that are in no matrix: norms, biases and sinks. */
  long vectorWeights(int hidden);

  /** Elements one layer caches per token. */
  int cacheElements();

  /**
   * What one of {@code tensor} ranks computes.
   *
   * @throws IllegalArgumentException if the heads do not divide
   */
  AttentionConfig shard(int tensor);
}
