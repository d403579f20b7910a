package dev.shardmark.parallel.tensor;

import dev.shardmark.collectives.Algorithms;
import dev.shardmark.collectives.Rank;
import dev.shardmark.collectives.RankGroup;
import dev.shardmark.kernels.Matrix;
import dev.shardmark.kernels.Variant;
import dev.shardmark.kernels.layer.Bounded;
import dev.shardmark.model.Linear;
import dev.shardmark.parallel.AttentionCore;
import dev.shardmark.parallel.Axis;
import dev.shardmark.parallel.CacheCore;
import dev.shardmark.parallel.Inputs;
import dev.shardmark.parallel.LayerSpec;
import dev.shardmark.parallel.LayerWeightSource;
import dev.shardmark.parallel.Meter;
import dev.shardmark.parallel.Metered;
import dev.shardmark.parallel.PromptCore;
import dev.shardmark.parallel.ShardedLayer;
import dev.shardmark.parallel.Sublayer;
import dev.shardmark.parallel.TokenExchange;
import dev.shardmark.parallel.Tokens;
import dev.shardmark.parallel.oracle.CachedTokens;
import dev.shardmark.parallel.oracle.OracleLayer;
import dev.shardmark.parallel.sequence.ScatterExchange;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/**
 * One step of a dense layer, by ranks and by the oracle.
 *
 * @param context tokens each sequence has cached
 * @param sequence whether ranks split tokens between linears
 */
record TensorTrial(LayerSpec spec, int context, int sequences, int tokens, boolean sequence) {
  private static final long SEED = 7;

  /** What ranks have at the end. */
  record Outcome(Matrix[] kept, long[] counted, double worst) {}

  LayerWeightSource weights() {
    return new LayerWeightSource(SEED, 3);
  }

  Tokens placed() {
    return Tokens.after(context, sequences, tokens);
  }

  Matrix input() {
    return Inputs.uniform(SEED, sequences * tokens, spec.hidden());
  }

  List<CachedTokens> cached() {
    return Inputs.cached(SEED + 1, spec, sequences, context);
  }

  Axis axis() {
    return sequence ? Axis.SEQUENCE : Axis.TENSOR;
  }

  /** Runs the layer on all ranks, each with weights of its own. */
  Outcome run(RankGroup group, Variant variant, Parts parts) {
    int t = group.size();
    int kept = sequence ? ScatterExchange.kept(placed().rows(), t) : placed().rows();
    Matrix[] out = new Matrix[t];
    Matrix[] residual = new Matrix[t];
    long[] counted = new long[t];
    group.run(
        rank -> {
          int r = rank.rank();
          Meter meter = new Meter(false);
          out[r] = Inputs.rows(input(), sequence ? r * kept : 0, kept);
          Runnable behindAttention = () -> residual[r] = Inputs.rows(out[r], 0, kept);
          layer(rank, out[r], variant, parts, meter, behindAttention).run(out[r]);
          counted[r] = meter.sentBytes(axis());
        });
    OracleLayer oracle = new OracleLayer(spec, weights());
    OracleLayer.Result want = oracle.run(Bounded.of(input()), placed(), cached());
    double worst = 0;
    for (int r = 0; r < t; r++) {
      int first = sequence ? r * kept : 0;
      int[] rows = IntStream.range(first, first + kept).toArray();
      worst = Math.max(worst, want.residual().rows(rows).worst(residual[r]));
      worst = Math.max(worst, want.output().rows(rows).worst(out[r]));
    }
    return new Outcome(out, counted, worst);
  }

  private ShardedLayer layer(
      Rank rank, Matrix x, Variant variant, Parts parts, Meter meter, Runnable behindAttention) {
    TensorShard shard = new TensorShard(spec, rank.size(), rank.rank());
    Metered tensor = new Metered(rank, axis(), meter);
    TokenExchange right =
        sequence ? new ScatterExchange(tensor, spec.hidden()) : new AllReduceExchange(tensor);
    TokenExchange exchange = parts.exchange(right, tensor);
    LayerWeightSource weights = weights();
    Tokens placed = parts.tokens(placed());
    Sublayer attention =
        new AttentionSublayer(
            shard,
            parts.attention(shard, weights),
            placed,
            AttentionSublayer.angles(spec, context + tokens + 1),
            parts.core(core(shard, variant, meter), shard, variant),
            exchange,
            variant,
            meter);
    Sublayer mlp =
        new MlpSublayer(
            parts.gateUp(shard, weights),
            shard.down(weights, Linear.DOWN),
            exchange,
            variant,
            meter);
    Sublayer second = parts.mlp(mlp, x, rank.size());
    Sublayer watched =
        (normed, added) -> {
          behindAttention.run();
          second.apply(normed, added);
        };
    return new ShardedLayer(spec, weights, attention, watched, variant, meter);
  }

  private AttentionCore core(TensorShard shard, Variant variant, Meter meter) {
    if (context == 0) {
      return new PromptCore(variant, meter);
    }
    List<CachedTokens> mine =
        cached().stream()
            .map(all -> all.heads(shard.firstKvHead(), shard.kvHeads(), spec.headDim()))
            .toList();
    return new CacheCore(Inputs.caches(mine, spec.headDim(), tokens), variant, meter);
  }

  /** Bytes of a layer by formula. */
  long formula(Algorithms algorithms, int ranks, int rank) {
    int rows = sequences * tokens;
    return 2
        * (sequence
            ? ScatterExchange.sentBytes(algorithms, ranks, rank, rows, spec.hidden())
            : AllReduceExchange.sentBytes(algorithms, ranks, rank, rows, spec.hidden()));
  }

  /** Null if all ranks are right, otherwise what is not. */
  String fault(RankGroup group, Variant variant, Parts parts) {
    Outcome outcome = run(group, variant, parts);
    if (!(outcome.worst() <= 1)) {
      return "error over bound is " + outcome.worst() + " of " + this;
    }
    for (int r = 0; r < group.size(); r++) {
      long formula = formula(group.algorithms(), group.size(), r);
      if (outcome.counted()[r] != formula) {
        return "bytes are " + outcome.counted()[r] + ", by formula " + formula + " of " + this;
      }
    }
    long all = Arrays.stream(outcome.counted()).sum();
    long total = 2 * AllReduceExchange.totalBytes(group.size(), sequences * tokens, spec.hidden());
    return all == total ? null : "bytes of all are " + all + ", not " + total + " of " + this;
  }
}
