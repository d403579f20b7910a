package dev.shardmark.parallel.sweep;

import dev.shardmark.collectives.Algorithms;
import dev.shardmark.collectives.Communicator;
import dev.shardmark.kernels.Work;
import dev.shardmark.kernels.moe.Routing;
import dev.shardmark.parallel.Axis;
import dev.shardmark.parallel.LayerSpec;
import dev.shardmark.parallel.Meter;
import dev.shardmark.parallel.Metered;
import dev.shardmark.parallel.Sublayer;
import dev.shardmark.parallel.expert.ExpertPlacement;
import dev.shardmark.parallel.expert.ExpertSublayer;
import dev.shardmark.parallel.expert.ExpertWeights;
import dev.shardmark.parallel.expert.FlatDispatch;
import dev.shardmark.parallel.expert.RoutedRows;
import dev.shardmark.parallel.tensor.Alone;
import dev.shardmark.parallel.tensor.TensorShard;
import java.util.List;
import java.util.stream.IntStream;

/**
 * A layer whose experts are dealt to ranks, each of which has sequences of its own for attention
 * and sends their tokens to the experts they choose. Nothing is dropped.
 *
 * @throws IllegalArgumentException naming the numbers, if experts or sequences do not divide, or
 *     there are no experts
 */
public record ExpertSplit(LayerSetup setup, int ranks) implements AxisSplit {
  public ExpertSplit {
    if (setup.spec().experts() == 0) {
      throw new IllegalArgumentException(
          "expert degree must be 1 for a layer without experts: expert=" + ranks);
    }
    ExpertPlacement.contiguous(setup.spec().experts(), ranks); // refuses what does not divide
    DataSplit.share(Axis.EXPERT, setup.step(), ranks);
  }

  @Override
  public Axis axis() {
    return Axis.EXPERT;
  }

  @Override
  public String scheme() {
    return "dropless";
  }

  @Override
  public RankStep make(Communicator world, Meter meter) {
    Metered group = new Metered(world, Axis.EXPERT, meter);
    LayerSpec spec = setup.spec();
    int rank = world.rank();
    int sequences = setup.step().sequences() / ranks;
    TensorShard whole = TensorShard.whole(spec);
    LayerSetup.LocalCore core = setup.core(0, whole, rank * sequences, sequences, meter);
    Sublayer attention =
        setup.attention(0, whole, setup.step().placed(sequences), core.core(), new Alone(), meter);
    ExpertPlacement placement = ExpertPlacement.contiguous(spec.experts(), ranks);
    ExpertWeights weights = ExpertWeights.of(spec, setup.weights(0), placement, rank);
    int[] rows = rows(rank);
    Sublayer experts =
        new ExpertSublayer(
            weights,
            setup.assignment(weights, rows[0], meter),
            new FlatDispatch(group, placement, spec.hidden(), meter),
            setup.variant(),
            meter);
    return new LayerStack(
        setup.input(rows), core::rewind, setup.layer(0, attention, experts, meter));
  }

  @Override
  public int[] rows(int rank) {
    return DataSplit.rows(setup.step(), ranks, rank);
  }

  @Override
  public int busiest() {
    return 0;
  }

  @Override
  public Work work(int rank) {
    LayerSpec spec = setup.spec();
    ShardWork work = new ShardWork(spec);
    Step part = setup.step().part(ranks);
    int all = setup.step().rows();
    long arriving = (long) part.rows() * spec.topK(); // as many as leave, if routing is uniform
    return work.projections(spec.heads(), spec.kvHeads(), part.rows())
        .plus(
            work.attention(
                spec.heads(),
                spec.kvHeads(),
                part.sequences(),
                part.tokens(),
                part.context() + part.tokens()))
        .plus(work.experts(spec.experts() / ranks, spec.width(), arriving, part.rows(), all))
        .plus(work.mlp(spec.sharedWidth(), part.rows()))
        .plus(work.norms(part.rows()));
  }

  /**
   * Exact where choices are drawn; as many as expected of uniform routing where a router chooses.
   */
  @Override
  public long sentBytes(Algorithms algorithms, int rank) {
    LayerSpec spec = setup.spec();
    ExpertPlacement placement = ExpertPlacement.contiguous(spec.experts(), ranks);
    if (setup.skew().isEmpty()) {
      int own = rows(rank).length;
      return Math.round(FlatDispatch.expectedBytes(placement, own, spec.topK(), spec.hidden()));
    }
    List<Routing> routings = IntStream.range(0, ranks).mapToObj(this::drawn).toList();
    return FlatDispatch.sentBytes(RoutedRows.of(placement, routings), rank, spec.hidden());
  }

  private Routing drawn(int rank) {
    int[] rows = rows(rank);
    return setup.drawn(rows[0], rows.length);
  }

  @Override
  public long rankWeights(int rank) {
    return new ShardWeights(setup.spec()).expert(ranks);
  }

  @Override
  public long duplicatedWeights(int rank) {
    ShardWeights weights = new ShardWeights(setup.spec());
    return ranks == 1 ? 0 : weights.whole() - weights.routed();
  }

  @Override
  public double cacheElementsPerToken() {
    return (double) setup.spec().attention().cacheElements() / ranks;
  }
}
