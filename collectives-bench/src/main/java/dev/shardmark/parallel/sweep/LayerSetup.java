package dev.shardmark.parallel.sweep;

import dev.shardmark.kernels.Kernels;
import dev.shardmark.kernels.Matrix;
import dev.shardmark.kernels.Variant;
import dev.shardmark.kernels.kvcache.KvAppend;
import dev.shardmark.kernels.kvcache.KvPool;
import dev.shardmark.kernels.kvcache.KvSequence;
import dev.shardmark.kernels.kvcache.KvStorage;
import dev.shardmark.kernels.moe.Routing;
import dev.shardmark.kernels.rope.RopeTable;
import dev.shardmark.model.Linear;
import dev.shardmark.parallel.AttentionCore;
import dev.shardmark.parallel.CacheCore;
import dev.shardmark.parallel.LayerSpec;
import dev.shardmark.parallel.LayerWeightSource;
import dev.shardmark.parallel.Meter;
import dev.shardmark.parallel.PromptCore;
import dev.shardmark.parallel.ShardedLayer;
import dev.shardmark.parallel.Sublayer;
import dev.shardmark.parallel.TokenExchange;
import dev.shardmark.parallel.Tokens;
import dev.shardmark.parallel.expert.Assignment;
import dev.shardmark.parallel.expert.ExpertPlacement;
import dev.shardmark.parallel.expert.ExpertSublayer;
import dev.shardmark.parallel.expert.ExpertWeights;
import dev.shardmark.parallel.expert.LocalDispatch;
import dev.shardmark.parallel.expert.SkewedRouting;
import dev.shardmark.parallel.expert.TopKAssignment;
import dev.shardmark.parallel.tensor.Alone;
import dev.shardmark.parallel.tensor.AttentionSublayer;
import dev.shardmark.parallel.tensor.AttentionWeights;
import dev.shardmark.parallel.tensor.MlpSublayer;
import dev.shardmark.parallel.tensor.TensorShard;
import java.util.Arrays;
import java.util.OptionalDouble;

/**
 * What every split of a sweep is of: dimensions, values, and how experts are chosen.
 *
 * <p>Weights, tokens and caches are functions of their place, so that every rank makes its own part
 * and all splits compute the same.
 *
 * @param skew exponent of the power law by which tokens choose experts, 0 for uniform routing; a
 *     router chooses if there is none
 */
public record LayerSetup(LayerSpec spec, Step step, OptionalDouble skew, Variant variant) {
  private static final long SEED = 20_240_731;

  /** Layers and caches are numbered; tokens come before the first. */
  private static final int TOKENS = -1;

  /** As many inputs of a linear as give its weights a range of one: sqrt(3 / 3). */
  private static final int UNIT_RANGE = 3;

  /** The same layer with another step. */
  public LayerSetup with(Step other) {
    return new LayerSetup(spec, other, skew, variant);
  }

  LayerWeightSource weights(int layer) {
    return new LayerWeightSource(SEED, layer);
  }

  /** The tokens of some rows of the step. */
  Matrix input(int[] rows) {
    Matrix x = Matrix.zeros(rows.length, spec.hidden());
    LayerWeightSource values = weights(TOKENS);
    for (int i = 0; i < rows.length; i++) {
      Matrix row =
          values.part(Linear.LM_HEAD, 0, UNIT_RANGE, spec.hidden(), rows[i], 1, 0, spec.hidden());
      System.arraycopy(
          row.data(), row.offset(), x.data(), x.offset() + i * x.rowStride(), spec.hidden());
    }
    return x;
  }

  /** Experts of the tokens from {@code firstToken} of the step on. */
  Assignment assignment(ExpertWeights weights, int firstToken, Meter meter) {
    return skew.isPresent()
        ? new SkewedRouting(spec.experts(), spec.topK(), skew.getAsDouble(), SEED, firstToken)
        : new TopKAssignment(spec, weights.router(), variant, meter);
  }

  /** Experts that tokens draw, where no router chooses. */
  Routing drawn(int firstToken, int tokens) {
    return new SkewedRouting(spec.experts(), spec.topK(), skew.orElseThrow(), SEED, firstToken)
        .assign(Matrix.zeros(tokens, 1));
  }

  /** The MLP, or all experts, of a layer for tokens whose rank holds it whole. */
  Sublayer wholeMlp(int layer, int firstToken, Meter meter) {
    if (spec.experts() == 0) {
      return new MlpSublayer(TensorShard.whole(spec), weights(layer), new Alone(), variant, meter);
    }
    ExpertWeights all =
        ExpertWeights.of(spec, weights(layer), ExpertPlacement.contiguous(spec.experts(), 1), 0);
    return new ExpertSublayer(
        all, assignment(all, firstToken, meter), new LocalDispatch(), variant, meter);
  }

  /** Attention of this rank's heads over whole sequences of its own. */
  Sublayer attention(
      int layer,
      TensorShard shard,
      Tokens tokens,
      AttentionCore core,
      TokenExchange exchange,
      Meter meter) {
    RopeTable angles = AttentionSublayer.angles(spec, step.context() + step.tokens());
    AttentionWeights weights = AttentionWeights.of(shard, weights(layer));
    return new AttentionSublayer(shard, weights, tokens, angles, core, exchange, variant, meter);
  }

  ShardedLayer layer(int layer, Sublayer attention, Sublayer mlp, Meter meter) {
    return new ShardedLayer(spec, weights(layer), attention, mlp, variant, meter);
  }

  /** The core of a rank that has the keys of its sequences alone, and the caches it fills. */
  LocalCore core(int layer, TensorShard shard, int firstSequence, int sequences, Meter meter) {
    if (!step.isDecode()) {
      return new LocalCore(new PromptCore(variant, meter), new KvSequence[0], 0);
    }
    KvSequence[] caches = caches(layer, shard, firstSequence, sequences);
    return new LocalCore(new CacheCore(caches, variant, meter), caches, step.context());
  }

  /**
   * A core, and what it changes.
   *
   * @param context tokens of each cache before a step
   */
  record LocalCore(AttentionCore core, KvSequence[] caches, int context) {
    /** Forgets the tokens of the last step. */
    void rewind() {
      for (KvSequence cache : caches) {
        cache.free();
        cache.extend(context);
      }
    }
  }

  private KvSequence[] caches(int layer, TensorShard shard, int firstSequence, int sequences) {
    int kvHeads = shard.kvHeads();
    int length = step.context() + step.tokens();
    KvPool pool = KvPool.contiguous(KvStorage.FP32, sequences, length, kvHeads, spec.headDim());
    KvAppend append = Kernels.kvAppend(variant);
    KvSequence[] caches = new KvSequence[sequences];
    Arrays.setAll(caches, i -> new KvSequence(pool));
    for (int i = 0; i < sequences; i++) {
      Matrix k = cached(layer, firstSequence + i, 0, shard);
      Matrix v = cached(layer, firstSequence + i, 1, shard);
      append.append(caches[i], k, v);
    }
    return caches;
  }

  /** Keys or values of the context of a sequence, the heads of one rank. */
  Matrix cached(int layer, int sequence, int which, TensorShard shard) {
    int width = spec.kvHeads() * spec.headDim();
    int first = shard.firstKvHead() * spec.headDim();
    int count = shard.kvHeads() * spec.headDim();
    return weights(layer)
        .part(
            Linear.KV_B, 2 * sequence + which, UNIT_RANGE, width, 0, step.context(), first, count);
  }
}
