package dev.shardmark.parallel.sweep;

import dev.shardmark.collectives.Algorithms;
import dev.shardmark.collectives.Communicator;
import dev.shardmark.kernels.Work;
import dev.shardmark.parallel.AttentionCore;
import dev.shardmark.parallel.Axis;
import dev.shardmark.parallel.LayerSpec;
import dev.shardmark.parallel.Meter;
import dev.shardmark.parallel.Metered;
import dev.shardmark.parallel.Sublayer;
import dev.shardmark.parallel.Tokens;
import dev.shardmark.parallel.context.AttentionShape;
import dev.shardmark.parallel.context.Placement;
import dev.shardmark.parallel.tensor.Alone;
import dev.shardmark.parallel.tensor.TensorShard;
import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
import java.util.stream.IntStream;

/** A layer whose ranks divide the tokens of each prompt; linears are whole. */
public final class ContextSplit implements AxisSplit {
  private final LayerSetup setup;
  private final int ranks;
  private final ContextScheme scheme;
  private final AttentionShape shape;

  /**
   * A split.
   *
   * @throws IllegalArgumentException naming the numbers, if tokens or heads do not divide, if a
   *     step is a decode, or if experts are drawn, which goes by tokens in a row
   */
  public ContextSplit(LayerSetup setup, int ranks, ContextScheme scheme) {
    if (setup.step().isDecode() || setup.skew().isPresent()) {
      throw new IllegalArgumentException(
          "a context split must be of prompts whose experts a router chooses: context="
              + setup.step().context()
              + " skew="
              + setup.skew());
    }
    this.setup = setup;
    this.ranks = ranks;
    this.scheme = scheme;
    LayerSpec spec = setup.spec();
    shape =
        new AttentionShape(
            Collections.nCopies(setup.step().sequences(), setup.step().tokens()),
            spec.heads(),
            spec.kvHeads(),
            spec.headDim());
    for (int rank = 0; rank < ranks; rank++) {
      placement().held(setup.step().tokens(), rank, ranks); // refuses what it cannot divide
    }
    scheme.check(shape, ranks);
  }

  @Override
  public Axis axis() {
    return Axis.CONTEXT;
  }

  @Override
  public String scheme() {
    return scheme.parameter();
  }

  @Override
  public int ranks() {
    return ranks;
  }

  private Placement placement() {
    return scheme.placement();
  }

  @Override
  public RankStep make(Communicator world, Meter meter) {
    Metered context = new Metered(world, Axis.CONTEXT, meter);
    int rank = world.rank();
    int sequences = setup.step().sequences();
    int[] one = placement().positions(setup.step().tokens(), rank, ranks);
    int[] counts = new int[sequences];
    Arrays.fill(counts, one.length);
    int[] positions = new int[sequences * one.length];
    Arrays.setAll(positions, row -> one[row % one.length]);
    AttentionCore core = scheme.core(context, shape, setup.variant(), meter);
    Sublayer attention =
        setup.attention(
            0,
            TensorShard.whole(setup.spec()),
            new Tokens(counts, positions),
            core,
            new Alone(),
            meter);
    Sublayer mlp = setup.wholeMlp(0, 0, meter);
    return new LayerStack(setup.input(rows(rank)), () -> {}, setup.layer(0, attention, mlp, meter));
  }

  @Override
  public int[] rows(int rank) {
    int tokens = setup.step().tokens();
    int[] one = placement().positions(tokens, rank, ranks);
    return IntStream.range(0, setup.step().sequences())
        .flatMap(sequence -> Arrays.stream(one).map(position -> sequence * tokens + position))
        .toArray();
  }

  @Override
  public int busiest() {
    return IntStream.range(0, ranks)
        .boxed()
        .max(Comparator.comparingLong(rank -> work(rank).flop()))
        .orElseThrow();
  }

  @Override
  public Work work(int rank) {
    LayerSpec spec = setup.spec();
    Step step = setup.step();
    int rows = rows(rank).length;
    ShardWork work = new ShardWork(spec);
    Work one =
        work.attention(
            spec.heads(),
            spec.kvHeads(),
            scheme.pairs(step.tokens(), rank, ranks),
            rows / step.sequences(),
            step.tokens());
    return work.projections(spec.heads(), spec.kvHeads(), rows)
        .plus(new Work(step.sequences() * one.flop(), step.sequences() * one.bytes()))
        .plus(work.wholeMlp(rows))
        .plus(work.norms(rows));
  }

  @Override
  public long sentBytes(Algorithms algorithms, int rank) {
    return ranks == 1 ? 0 : scheme.sentBytes(shape, rank, ranks, algorithms);
  }

  @Override
  public long rankWeights(int rank) {
    return setup.spec().weights();
  }

  @Override
  public long duplicatedWeights(int rank) {
    return ranks == 1 ? 0 : setup.spec().weights();
  }

  @Override
  public double cacheElementsPerToken() {
    return (double) setup.spec().attention().cacheElements() / ranks;
  }
}
