package dev.shardmark.model;

import java.util.Objects;

/**
 * What one rank of a {@link ShardPlan} holds of a model, and the shapes it computes.
 *
 * <p>Tokens are given for the whole step, all ranks together: data and context parallelism deal
 * them out, and where they do not divide evenly the answer is the largest shard's. Tensor ranks see
 * the same tokens in every linear, with sequence parallelism too, which gathers them before.
 *
 * <p>Experts are routed to uniformly, and the copies of an expert share its tokens.
 */
public final class ModelShard {
  private final ModelConfig model;
  private final ShardPlan plan;

  /** The model with the widths, heads and vocabulary of one rank. */
  private final ModelConfig slice;

  private final int experts;
  private final int layersPerStage;

  /** Use {@link ModelConfig#shard}. */
  ModelShard(ModelConfig model, ShardPlan plan) {
    this.model = model;
    this.plan = plan;
    if (plan.expert() > 1 && model.feedForward().experts() == 0) {
      throw new IllegalArgumentException(
          "expert degree must be 1 for a model without experts: expert="
              + plan.expert()
              + " model="
              + model.id());
    }
    experts =
        ShardPlan.share(
            "expert", plan.expert(), "experts", "experts", model.feedForward().experts());
    layersPerStage =
        ShardPlan.share("pipeline", plan.pipeline(), "layers", "layers", model.layers());
    if (plan.stageRanks() % plan.expert() != 0) {
      throw new IllegalArgumentException(
          "expert degree must divide the ranks of a pipeline stage: expert="
              + plan.expert()
              + " tensor="
              + plan.tensor()
              + " context="
              + plan.context()
              + " data="
              + plan.data());
    }
    AttentionConfig attention = model.attention().shard(plan.tensor());
    FeedForwardConfig feedForward = model.feedForward().shard(plan.tensor(), plan.expert() > 1);
    int vocabulary =
        ShardPlan.share("tensor", plan.tensor(), "vocabulary", "vocabulary", model.vocabulary());
    slice =
        new ModelConfig(
            model.id(),
            model.repository(),
            model.layers(),
            model.hidden(),
            vocabulary,
            model.tiedEmbeddings(),
            attention,
            feedForward);
  }

  public ModelConfig model() {
    return model;
  }

  public ShardPlan plan() {
    return plan;
  }

  /** The heads this rank computes. */
  public AttentionConfig attention() {
    return slice.attention();
  }

  /** Routed experts this rank holds of each expert layer: E / expert degree. */
  public int experts() {
    return experts;
  }

  /** Layers this rank holds: L / pipeline degree. */
  public int layers() {
    return layersPerStage;
  }

  /** Tokens this rank's linears compute: T / (context x data), rounded up. */
  public int tokens(int tokens) {
    return Math.ceilDiv(requireTokens(tokens), plan.tokenParts());
  }

  /** Tokens this rank keeps between linears: fewer by the tensor degree if the plan splits them. */
  public int residualTokens(int tokens) {
    return Math.ceilDiv(tokens(tokens), plan.sequence() ? plan.tensor() : 1);
  }

  /**
   * Tokens one routed expert of this rank is expected to meet: T K / (E x copies of each expert).
   *
   * @throws IllegalArgumentException if the model has no experts
   */
  public double expectedRowsPerExpert(int tokens) {
    model.weight(Linear.EXPERT_DOWN); // throws if there is none
    return (double) routedTokens(tokens) / expertSlots();
  }

  /**
   * The weight of a linear on this rank, of one expert for a routed linear.
   *
   * @throws IllegalArgumentException naming the linears the model has, if it has no such one
   */
  public WeightShape weight(Linear linear) {
    return slice.weight(linear);
  }

  /**
   * The GEMM of a linear on this rank in a step of {@code tokens}. A routed linear's is that of one
   * expert, {@link #experts} of which follow one another; its expected rows are rounded up.
   *
   * @throws IllegalArgumentException naming the linears the model has, if it has no such one
   */
  public LinearShape shape(Linear linear, int tokens) {
    WeightShape weight = weight(linear);
    int m =
        linear.routed()
            ? Math.toIntExact(Math.ceilDiv(routedTokens(tokens), expertSlots()))
            : tokens(tokens);
    return new LinearShape(m, weight.k(), weight.n());
  }

  /**
   * Elements of the tensor-parallel all-reduce after a linear: tokens x h if its output is a
   * partial sum, otherwise 0. Expert and shared outputs of one layer may be summed before one
   * all-reduce; whole experts need none, as their outputs return by all-to-all.
   *
   * @throws IllegalArgumentException naming the linears the model has, if it has no such one
   */
  public long allReduceElements(Linear linear, int tokens) {
    model.weight(linear); // throws if there is none
    boolean whole = plan.tensor() == 1 || (linear.routed() && plan.expert() > 1);
    return linear.allReduces() && !whole ? (long) tokens(tokens) * model.hidden() : 0;
  }

  /** Weights of one layer on this rank, replicated ones included. */
  public long layerWeights(int layer) {
    return slice.layerWeights(layer, experts);
  }

  /**
   * Weights a rank of one pipeline stage holds: its layers, the embedding on the first stage, final
   * norm and {@code lm_head} on the last. Tied embeddings are held twice if those stages differ.
   *
   * @throws IndexOutOfBoundsException if there is no such stage
   */
  public long stageWeights(int stage) {
    boolean first = Objects.checkIndex(stage, plan.pipeline()) == 0;
    boolean last = stage == plan.pipeline() - 1;
    long embedding = slice.weight(Linear.LM_HEAD).elements();
    long weights = first ? embedding : 0;
    if (last) {
      weights += model.hidden() + (first && model.tiedEmbeddings() ? 0 : embedding);
    }
    for (int layer = stage * layersPerStage; layer < (stage + 1) * layersPerStage; layer++) {
      weights += layerWeights(layer);
    }
    return weights;
  }

  /** Key/value cache of this rank's layers for each token it caches. */
  public long kvBytesPerToken(int bytesPerElement) {
    return layersPerStage * slice.kvBytesPerTokenAndLayer(bytesPerElement);
  }

  private long routedTokens(int tokens) {
    return (long) requireTokens(tokens) * model.feedForward().topK();
  }

  /** Experts of a layer, each counted as often as it is held for tokens of its own. */
  private long expertSlots() {
    int copies = plan.expert() == 1 ? plan.tokenParts() : plan.stageRanks() / plan.expert();
    return (long) copies * model.feedForward().experts();
  }

  private static int requireTokens(int tokens) {
    if (tokens < 0) {
      throw new IllegalArgumentException("tokens must not be negative: tokens=" + tokens);
    }
    return tokens;
  }
}
