package dev.shardmark.model;

import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;

/**
 * The dimensions of one published model, and the weights and cache they add up to.
 *
 * <p>Weights are counted, not bytes. Vision towers, multi-token-prediction layers and quantisation
 * scales are not part of a model here. Layers are counted from 0.
 *
 * @param id the name in parameters and results, in kebab case
 * @param repository the Hugging Face repository that publishes the configuration
 * @param layers L
 * @param hidden h: elements of one token between layers
 * @param vocabulary V: the embedding is V x h, {@code lm_head} h x V
 * @param tiedEmbeddings whether {@code lm_head} is the embedding transposed, not a second matrix
 * @param attention the attention of every layer
 * @param feedForward the MLPs of the layers
 * @throws IllegalArgumentException if a dimension is below 1
 */
public record ModelConfig(
    String id,
    String repository,
    int layers,
    int hidden,
    int vocabulary,
    boolean tiedEmbeddings,
    AttentionConfig attention,
    FeedForwardConfig feedForward) {
  public ModelConfig {
    if (layers < 1 || hidden < 1 || vocabulary < 1) {
      throw new IllegalArgumentException(
          "a model must have no empty dimension: layers="
              + layers
              + " hidden="
              + hidden
              + " vocabulary="
              + vocabulary);
    }
  }

  /** Where the dimensions are published. */
  public String source() {
    return "https://huggingface.co/" + repository + "/blob/main/config.json";
  }

  /** The linears of the model in the order a token meets them, with their unsharded weights. */
  public Map<Linear, WeightShape> linears() {
    Map<Linear, WeightShape> linears = new EnumMap<>(Linear.class);
    for (int layer = 0; layer < layers; layer++) {
      linears.putAll(linears(layer));
    }
    linears.put(Linear.LM_HEAD, new WeightShape(hidden, vocabulary));
    return linears;
  }

  /** The linears of one layer; an expert layer's routed ones stand for each of its experts. */
  public Map<Linear, WeightShape> linears(int layer) {
    Map<Linear, WeightShape> linears = new EnumMap<>(Linear.class);
    linears.putAll(attention.linears(hidden));
    linears.putAll(feedForward.linears(Objects.checkIndex(layer, layers), hidden));
    return linears;
  }

  /**
   * The linear of this model that a parameter names.
   *
   * @throws IllegalArgumentException naming the linears the model has, if it has no such one
   */
  public Linear linear(String parameter) {
    for (Linear linear : linears().keySet()) {
      if (linear.parameter().equals(parameter)) {
        return linear;
      }
    }
    throw noLinear(parameter);
  }

  /**
   * The unsharded weight of a linear.
   *
   * @throws IllegalArgumentException naming the linears the model has, if it has no such one
   */
  public WeightShape weight(Linear linear) {
    WeightShape weight = linears().get(linear);
    if (weight == null) {
      throw noLinear(linear.parameter());
    }
    return weight;
  }

  /** All weights of the model. */
  public long parameters() {
    return parameters(feedForward.experts());
  }

  /** The weights one token meets, embeddings included. */
  public long activeParameters() {
    return parameters(feedForward.topK());
  }

  /** All weights of one layer. */
  public long layerWeights(int layer) {
    return layerWeights(layer, feedForward.experts());
  }

  /** The weights of one layer that one token meets. */
  public long activeLayerWeights(int layer) {
    return layerWeights(layer, feedForward.topK());
  }

  /** Key/value cache of one layer; sliding windows and chunks, which bound it, are ignored. */
  public long kvBytesPerTokenAndLayer(int bytesPerElement) {
    return (long) attention.cacheElements() * bytesPerElement;
  }

  /** Key/value cache of all layers; sliding windows and chunks, which bound it, are ignored. */
  public long kvBytesPerToken(int bytesPerElement) {
    return layers * kvBytesPerTokenAndLayer(bytesPerElement);
  }

  /**
   * What one rank holds of this model.
   *
   * @throws IllegalArgumentException naming the numbers, if the plan does not divide the model
   */
  public ModelShard shard(ShardPlan plan) {
    return new ModelShard(this, plan);
  }

  /** The matrices, norms and biases of a layer, with this many of its routed experts. */
  long layerWeights(int layer, int expertsCounted) {
    long weights =
        2L * hidden // the norms before attention and MLP
            + attention.vectorWeights(hidden)
            + feedForward.vectorWeights(layer, hidden, expertsCounted);
    for (Map.Entry<Linear, WeightShape> linear : linears(layer).entrySet()) {
      int copies = linear.getKey().routed() ? expertsCounted : 1;
      weights += copies * linear.getValue().elements();
    }
    return weights;
  }

  private long parameters(int expertsCounted) {
    long embeddings = (tiedEmbeddings ? 1L : 2L) * vocabulary * hidden;
    long weights = embeddings + hidden; // the final norm
    for (int layer = 0; layer < layers; layer++) {
      weights += layerWeights(layer, expertsCounted);
    }
    return weights;
  }

  private IllegalArgumentException noLinear(String parameter) {
    return new IllegalArgumentException(
        "linear must be one of "
            + linears().keySet().stream().map(Linear::parameter).toList()
            + ": linear="
            + parameter
            + " model="
            + id);
  }
}
