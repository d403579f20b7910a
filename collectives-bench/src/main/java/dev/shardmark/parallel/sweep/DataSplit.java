package dev.shardmark.parallel.sweep;

import dev.shardmark.collectives.Algorithms;
import dev.shardmark.collectives.Communicator;
import dev.shardmark.kernels.Work;
import dev.shardmark.parallel.Axis;
import dev.shardmark.parallel.LayerSpec;
import dev.shardmark.parallel.Meter;
import dev.shardmark.parallel.Sublayer;
import dev.shardmark.parallel.tensor.Alone;
import dev.shardmark.parallel.tensor.TensorShard;
import java.util.stream.IntStream;

/**
 * Replicas of a layer, each with sequences of its own: they say nothing to each other.
 *
 * @throws IllegalArgumentException naming the numbers, if the sequences do not divide
 */
public record DataSplit(LayerSetup setup, int ranks) implements AxisSplit {
  public DataSplit {
    share(Axis.DATA, setup.step(), ranks);
  }

  /** Sequences of a rank. */
  static int share(Axis axis, Step step, int ranks) {
    if (ranks < 1 || step.sequences() % ranks != 0) {
      throw new IllegalArgumentException(
          axis.parameter()
              + " degree must divide the sequences: "
              + axis.parameter()
              + "="
              + ranks
              + " sequences="
              + step.sequences());
    }
    return step.sequences() / ranks;
  }

  /** The tokens of a rank's sequences. */
  static int[] rows(Step step, int ranks, int rank) {
    int own = step.part(ranks).rows();
    return IntStream.range(rank * own, (rank + 1) * own).toArray();
  }

  @Override
  public Axis axis() {
    return Axis.DATA;
  }

  @Override
  public String scheme() {
    return "replicas";
  }

  @Override
  public RankStep make(Communicator world, Meter meter) {
    int rank = world.rank();
    int sequences = setup.step().sequences() / ranks;
    TensorShard whole = TensorShard.whole(setup.spec());
    LayerSetup.LocalCore core = setup.core(0, whole, rank * sequences, sequences, meter);
    Sublayer attention =
        setup.attention(0, whole, setup.step().placed(sequences), core.core(), new Alone(), meter);
    int[] rows = rows(rank);
    Sublayer mlp = setup.wholeMlp(0, rows[0], meter);
    return new LayerStack(setup.input(rows), core::rewind, setup.layer(0, attention, mlp, meter));
  }

  @Override
  public int[] rows(int rank) {
    return rows(setup.step(), ranks, rank);
  }

  @Override
  public int busiest() {
    return 0;
  }

  @Override
  public Work work(int rank) {
    LayerSpec spec = setup.spec();
    Step part = setup.step().part(ranks);
    ShardWork work = new ShardWork(spec);
    return work.projections(spec.heads(), spec.kvHeads(), part.rows())
        .plus(
            work.attention(
                spec.heads(),
                spec.kvHeads(),
                part.sequences(),
                part.tokens(),
                part.context() + part.tokens()))
        .plus(work.wholeMlp(part.rows()))
        .plus(work.norms(part.rows()));
  }

  @Override
  public long sentBytes(Algorithms algorithms, int rank) {
    return 0;
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
