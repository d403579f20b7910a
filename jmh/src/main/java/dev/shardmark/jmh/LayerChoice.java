package dev.shardmark.jmh;

import dev.shardmark.kernels.Kernels;
import dev.shardmark.kernels.Matrix;
import dev.shardmark.kernels.Variant;
import dev.shardmark.kernels.gemm.MicroKernel;
import dev.shardmark.kernels.kvcache.KvPool;
import dev.shardmark.kernels.kvcache.KvSequence;
import dev.shardmark.kernels.kvcache.KvStorage;
import dev.shardmark.kernels.layer.LayerShape;
import dev.shardmark.kernels.layer.LayerWeights;
import dev.shardmark.kernels.layer.TransformerLayer;
import dev.shardmark.model.DenseMlp;
import dev.shardmark.model.FeedForwardConfig;
import dev.shardmark.model.GroupedQueryAttention;
import dev.shardmark.model.GroupedQueryAttention.Extras;
import dev.shardmark.model.Linear;
import dev.shardmark.model.MixtureOfExperts;
import dev.shardmark.model.ModelConfig;
import dev.shardmark.model.ModelShard;
import dev.shardmark.model.Models;
import dev.shardmark.model.ShardPlan;

/** The layer that parameters of {@link LayerBenchmark} name. */
public record LayerChoice(LayerShape shape) {
  /** Padding of packed panels, at most, and matrices of the check. */
  private static final double PADDING = 1.02;

  /** Buffers of a layer, beside each the doubles its check compares it with. */
  private static final int CHECKED = 6;

  /**
   * Reads the parameters.
   *
   * @param experts how many of a model's experts are kept, or {@code all}
   * @param tokens new tokens of one sequence in a {@code prefill}, sequences of one new token each
   *     in a {@code decode}
   * @throws IllegalArgumentException one sentence, if one is unknown or the model has a part that
   *     there is no kernel for
   */
  public static LayerChoice of(
      String model, int tp, String experts, String phase, int tokens, int context) {
    ModelConfig config = Models.of(model);
    ModelShard shard = config.shard(ShardPlan.UNSHARDED.withTensor(tp));
    boolean decode =
        switch (phase) {
          case "decode" -> true;
          case "prefill" -> false;
          default ->
              throw new IllegalArgumentException(
                  "phase must be one of [decode, prefill]: phase=" + phase);
        };
    FeedForwardConfig mlp = config.feedForward();
    if (!(shard.attention() instanceof GroupedQueryAttention attention)
        || attention.extras() == Extras.BIASES_AND_SINKS
        || !plain(mlp)) {
      throw new IllegalArgumentException(
          "a layer must have grouped queries, and no biases, sinks or shared expert: model="
              + model);
    }
    boolean dense = mlp.experts() == 0;
    return new LayerChoice(
        new LayerShape(
            decode ? tokens : 1,
            decode ? 1 : tokens,
            context,
            config.hidden(),
            attention.heads(),
            attention.kvHeads(),
            attention.headDim(),
            attention.extras() == Extras.QK_NORM,
            shard.weight(dense ? Linear.DOWN : Linear.EXPERT_DOWN).k(),
            kept(experts, mlp.experts()),
            mlp.topK()));
  }

  private static boolean plain(FeedForwardConfig mlp) {
    return switch (mlp) {
      case DenseMlp dense -> true;
      case MixtureOfExperts experts ->
          experts.sharedWidth() == 0 && experts.biases() == MixtureOfExperts.Biases.NONE;
    };
  }

  /** All of a model's experts, or so many; a model without experts has none to keep. */
  private static int kept(String experts, int all) {
    if (experts.equals("all")) {
      return all;
    }
    if (!experts.matches("[1-9][0-9]{0,8}") || Integer.parseInt(experts) > all) {
      throw new IllegalArgumentException(
          "experts must be all, or a count up to those of the model: experts="
              + experts
              + " of="
              + all);
    }
    return Integer.parseInt(experts);
  }

  /** Layers that take turns, as those of a model do, so that weights come from memory. */
  public int layers() {
    return WeightPool.copies(shape.totalWork().bytes());
  }

  /** Bytes of the heap: weights, caches and buffers of all layers, and what a check needs. */
  public long heapBytes() {
    LayerShape s = shape;
    long cached = s.sequences() * ((long) s.context() + s.tokens() + MicroKernel.KC);
    long cache = 2L * Float.BYTES * cached * s.kvHeads() * s.headDim();
    long buffers =
        Float.BYTES
            * (s.rows() * (4L * s.hidden() + s.qkvWidth() + (long) s.heads() * s.headDim())
                + s.mlpRows() * (2L * s.hidden() + 3L * s.width()));
    long largest = 2L * Float.BYTES * s.hidden() * Math.max(s.qkvWidth(), 2 * s.width());
    long each = Math.round(PADDING * s.weightBytes()) + cache + buffers;
    return layers() * each + CHECKED * buffers + 3 * cache + largest;
  }

  /** A layer with random weights, input and caches. */
  TransformerLayer newLayer(Variant variant, long seed) {
    RandomWeights source = new RandomWeights(seed);
    LayerWeights weights = LayerWeights.of(shape, source);
    KvSequence[] caches = new KvSequence[shape.sequences()];
    for (int i = 0; i < caches.length; i++) {
      int tokens = shape.context() + shape.tokens();
      KvPool pool = KvPool.contiguous(KvStorage.FP32, 1, tokens, shape.kvHeads(), shape.headDim());
      Matrix k = Matrix.zeros(tokens, shape.kvHeads() * shape.headDim());
      Matrix v = Matrix.zeros(tokens, shape.kvHeads() * shape.headDim());
      source.fill(k.data(), seed + i);
      source.fill(v.data(), seed - 1 - i);
      caches[i] = new KvSequence(pool);
      Kernels.kvAppend(variant).append(caches[i], k, v);
      caches[i].free(); // the layer takes the same blocks again, as the context they hold
    }
    TransformerLayer layer = new TransformerLayer(shape, weights, variant, caches);
    Matrix input = layer.input();
    source.fill(input.data(), seed);
    return layer;
  }

  /** Weights that leave the size of what they multiply about as it is. */
  private static final class RandomWeights implements LayerWeights.Source {
    private long seed;

    RandomWeights(long seed) {
      this.seed = seed;
    }

    @Override
    public Matrix matrix(int k, int n) {
      Matrix m = RandomMatrix.of(k, n, seed++);
      float scale = (float) Math.sqrt(3.0 / k);
      for (int i = 0; i < m.data().length; i++) {
        m.data()[i] *= scale;
      }
      return m;
    }

    void fill(float[] data, long seed) {
      Matrix values = RandomMatrix.of(1, data.length, seed);
      System.arraycopy(values.data(), values.offset(), data, 0, data.length);
    }
  }
}
