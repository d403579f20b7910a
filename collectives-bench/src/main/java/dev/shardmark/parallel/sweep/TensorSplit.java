package dev.shardmark.parallel.sweep;

import dev.shardmark.collectives.Algorithms;
import dev.shardmark.collectives.Communicator;
import dev.shardmark.kernels.Work;
import dev.shardmark.parallel.Axis;
import dev.shardmark.parallel.LayerSpec;
import dev.shardmark.parallel.Meter;
import dev.shardmark.parallel.Metered;
import dev.shardmark.parallel.Sublayer;
import dev.shardmark.parallel.TokenExchange;
import dev.shardmark.parallel.expert.ExpertSublayer;
import dev.shardmark.parallel.expert.ExpertWeights;
import dev.shardmark.parallel.expert.LocalDispatch;
import dev.shardmark.parallel.expert.SplitExperts;
import dev.shardmark.parallel.sequence.ScatterExchange;
import dev.shardmark.parallel.tensor.AllReduceExchange;
import dev.shardmark.parallel.tensor.Alone;
import dev.shardmark.parallel.tensor.MlpSublayer;
import dev.shardmark.parallel.tensor.TensorShard;
import java.util.stream.IntStream;

/**
 * A layer split by heads and widths, of experts too; with {@code sequence}, tokens are split as
 * well between its linears. One rank has the whole layer.
 *
 * @throws IllegalArgumentException naming the numbers, if they do not divide
 */
public record TensorSplit(LayerSetup setup, int ranks, boolean sequence) implements AxisSplit {
  public TensorSplit {
    new TensorShard(setup.spec(), ranks, 0); // refuses what does not divide
    if (sequence) {
      ScatterExchange.kept(setup.step().rows(), ranks);
    }
    if (setup.spec().experts() > 0 && setup.spec().width() % ranks != 0) {
      throw new IllegalArgumentException(
          "tensor degree must divide the widths of experts: tensor="
              + ranks
              + " width="
              + setup.spec().width());
    }
  }

  /** The whole layer on one rank: what all splits are compared with. */
  public static TensorSplit none(LayerSetup setup) {
    return new TensorSplit(setup, 1, false);
  }

  @Override
  public Axis axis() {
    return sequence ? Axis.SEQUENCE : Axis.TENSOR;
  }

  @Override
  public String scheme() {
    return sequence ? "reduce_scatter" : "all_reduce";
  }

  @Override
  public RankStep make(Communicator world, Meter meter) {
    Metered tensor = new Metered(world, axis(), meter);
    TensorShard shard = new TensorShard(setup.spec(), ranks, world.rank());
    Step step = setup.step();
    LayerSetup.LocalCore core = setup.core(0, shard, 0, step.sequences(), meter);
    Sublayer attention =
        setup.attention(
            0, shard, step.placed(step.sequences()), core.core(), exchange(tensor), meter);
    Sublayer mlp = mlp(0, shard, exchange(tensor), meter);
    return new LayerStack(
        setup.input(rows(world.rank())), core::rewind, setup.layer(0, attention, mlp, meter));
  }

  /** The MLP or the experts of a layer, as one tensor rank of it has them. */
  private Sublayer mlp(int layer, TensorShard shard, TokenExchange exchange, Meter meter) {
    if (setup.spec().experts() == 0) {
      return new MlpSublayer(shard, setup.weights(layer), exchange, setup.variant(), meter);
    }
    ExpertWeights columns =
        ExpertWeights.columns(setup.spec(), setup.weights(layer), ranks, shard.rank());
    Sublayer experts =
        new ExpertSublayer(
            columns,
            setup.assignment(columns, 0, meter),
            new LocalDispatch(),
            setup.variant(),
            meter);
    return ranks == 1 ? experts : new SplitExperts(exchange, experts, setup.spec().hidden());
  }

  private TokenExchange exchange(Communicator tensor) {
    if (ranks == 1) {
      return new Alone();
    }
    return sequence
        ? new ScatterExchange(tensor, setup.spec().hidden())
        : new AllReduceExchange(tensor);
  }

  @Override
  public int[] rows(int rank) {
    int all = setup.step().rows();
    int kept = sequence ? all / ranks : all;
    int first = sequence ? rank * kept : 0;
    return IntStream.range(first, first + kept).toArray();
  }

  @Override
  public int busiest() {
    return 0;
  }

  @Override
  public Work work(int rank) {
    LayerSpec spec = setup.spec();
    Step step = setup.step();
    TensorShard shard = new TensorShard(spec, ranks, rank);
    ShardWork work = new ShardWork(spec);
    int keys = step.context() + step.tokens();
    int rows = step.rows();
    return work.projections(shard.heads(), shard.kvHeads(), rows)
        .plus(work.attention(shard.heads(), shard.kvHeads(), step.sequences(), step.tokens(), keys))
        .plus(mlpWork(work, rows))
        .plus(work.norms(rows(rank).length));
  }

  private Work mlpWork(ShardWork work, int rows) {
    LayerSpec spec = setup.spec();
    if (spec.experts() == 0) {
      return work.mlp(spec.width() / ranks, rows);
    }
    long routed = (long) rows * spec.topK();
    return work.experts(spec.experts(), spec.width() / ranks, routed, rows, rows)
        .plus(work.mlp(spec.sharedWidth() / ranks, rows));
  }

  @Override
  public long sentBytes(Algorithms algorithms, int rank) {
    if (ranks == 1) {
      return 0;
    }
    int tokens = setup.step().rows();
    int hidden = setup.spec().hidden();
    return 2
        * (sequence
            ? ScatterExchange.sentBytes(algorithms, ranks, rank, tokens, hidden)
            : AllReduceExchange.sentBytes(algorithms, ranks, rank, tokens, hidden));
  }

  @Override
  public long rankWeights(int rank) {
    return new ShardWeights(setup.spec()).tensor(ranks);
  }

  @Override
  public long duplicatedWeights(int rank) {
    return new ShardWeights(setup.spec()).tensorDuplicated(ranks);
  }

  @Override
  public double cacheElementsPerToken() {
    return 2.0 * new TensorShard(setup.spec(), ranks, 0).kvHeads() * setup.spec().headDim();
  }
}
