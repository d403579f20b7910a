package dev.shardmark.parallel.sweep;

import dev.shardmark.collectives.Algorithms;
import dev.shardmark.collectives.Communicator;
import dev.shardmark.kernels.Matrix;
import dev.shardmark.kernels.Work;
import dev.shardmark.kernels.attention.Heads;
import dev.shardmark.parallel.AttentionCore;
import dev.shardmark.parallel.Axis;
import dev.shardmark.parallel.LayerSpec;
import dev.shardmark.parallel.Meter;
import dev.shardmark.parallel.Metered;
import dev.shardmark.parallel.ShardedLayer;
import dev.shardmark.parallel.pipeline.Ends;
import dev.shardmark.parallel.pipeline.LayerSplit;
import dev.shardmark.parallel.pipeline.Pipeline;
import dev.shardmark.parallel.pipeline.Schedule;
import dev.shardmark.parallel.pipeline.Stage;
import dev.shardmark.parallel.tensor.Alone;
import dev.shardmark.parallel.tensor.TensorShard;
import java.util.Arrays;
import java.util.stream.IntStream;

/**
 * Layers dealt to ranks, with several requests on their way through them: each of them has the
 * tokens of the setup's step, and caches of its own.
 *
 * <p>What a step of this split is compared with has as many layers and requests on one rank: {@link
 * #together}.
 *
 * @param layers of all ranks
 * @param inFlight requests of a step
 * @throws IllegalArgumentException naming the numbers, if there are fewer layers than ranks or no
 *     request
 */
public record PipelineSplit(LayerSetup setup, int ranks, int layers, int inFlight)
    implements AxisSplit {
  /** Requests that keep a few ranks busy, unless asked otherwise. */
  public static final int IN_FLIGHT = 32;

  public PipelineSplit {
    new LayerSplit(layers, ranks, 1); // refuses what is too deep
    Schedule.contiguous(ranks, inFlight, inFlight);
    Math.multiplyExact(inFlight, setup.step().rows());
  }

  /** A layer for each rank. */
  public static PipelineSplit of(LayerSetup setup, int ranks) {
    return new PipelineSplit(setup, ranks, ranks, IN_FLIGHT);
  }

  /** The same layers and requests on one rank. */
  public PipelineSplit together() {
    return new PipelineSplit(setup, 1, layers, inFlight);
  }

  @Override
  public Axis axis() {
    return Axis.PIPELINE;
  }

  @Override
  public String scheme() {
    return "contiguous";
  }

  private LayerSplit dealt() {
    return new LayerSplit(layers, ranks, 1);
  }

  private int count(int rank) {
    return dealt().count(rank, 0);
  }

  /** How requests follow each other. */
  public Schedule schedule() {
    return Schedule.contiguous(ranks, inFlight, inFlight);
  }

  private int[] tokens() {
    return new int[] {setup.step().rows()};
  }

  @Override
  public RankStep make(Communicator world, Meter meter) {
    return new StageStep(this, world, meter);
  }

  /** All requests, of which one is in the layers of this rank at a time. */
  private static final class StageStep implements RankStep, Ends {
    private final Pipeline pipeline;
    private final RequestCores[] cores;
    private final ShardedLayer[] layers;
    private final Matrix input;
    private final Matrix result;

    StageStep(PipelineSplit split, Communicator world, Meter meter) {
      LayerSetup setup = split.setup;
      int rank = world.rank();
      int hidden = setup.spec().hidden();
      cores = new RequestCores[split.count(rank)];
      layers = new ShardedLayer[cores.length];
      for (int i = 0; i < layers.length; i++) {
        int layer = split.dealt().first(rank, 0) + i;
        cores[i] = new RequestCores(split, layer, meter);
        layers[i] = layer(setup, layer, cores[i], meter);
      }
      pipeline =
          new Pipeline(
              new Metered(world, Axis.PIPELINE, meter),
              split.schedule(),
              new Stage[] {this::run},
              split.tokens(),
              hidden,
              0);
      input = setup.input(rank == 0 ? split.everyRow() : new int[0]);
      result = Matrix.zeros(split.rows(rank).length, hidden);
    }

    private static ShardedLayer layer(
        LayerSetup setup, int layer, AttentionCore core, Meter meter) {
      TensorShard whole = TensorShard.whole(setup.spec());
      Step step = setup.step();
      return setup.layer(
          layer,
          setup.attention(layer, whole, step.placed(step.sequences()), core, new Alone(), meter),
          setup.wholeMlp(layer, 0, meter),
          meter);
    }

    private void run(int request, Matrix x) {
      for (int i = 0; i < layers.length; i++) {
        cores[i].request = request;
        layers[i].run(x);
      }
    }

    @Override
    public void rewind() {
      for (RequestCores core : cores) {
        core.rewind();
      }
    }

    @Override
    public void run() {
      pipeline.run(this);
    }

    @Override
    public void enter(int request, Matrix answer, Matrix tokens) {
      int length = tokens.rows() * tokens.cols();
      int from = input.offset() + request * length;
      System.arraycopy(input.data(), from, tokens.data(), tokens.offset(), length);
    }

    @Override
    public void leave(int request, Matrix tokens, Matrix answer) {
      int length = tokens.rows() * tokens.cols();
      int to = result.offset() + request * length;
      System.arraycopy(tokens.data(), tokens.offset(), result.data(), to, length);
    }

    @Override
    public Matrix result() {
      return result;
    }
  }

  /** The cores of a layer, one for each request. */
  private static final class RequestCores implements AttentionCore {
    private final LayerSetup.LocalCore[] of;
    private int request;

    RequestCores(PipelineSplit split, int layer, Meter meter) {
      TensorShard whole = TensorShard.whole(split.setup.spec());
      int sequences = split.setup.step().sequences();
      of = new LayerSetup.LocalCore[split.inFlight];
      Arrays.setAll(of, i -> split.setup.core(layer, whole, i * sequences, sequences, meter));
    }

    @Override
    public void attend(Heads[] q, Heads[] k, Heads[] v, Heads[] o) {
      of[request].core().attend(q, k, v, o);
    }

    void rewind() {
      for (LayerSetup.LocalCore core : of) {
        core.rewind();
      }
    }
  }

  private int[] everyRow() {
    return IntStream.range(0, inFlight * setup.step().rows()).toArray();
  }

  /** All tokens of all requests end on the last rank. */
  @Override
  public int[] rows(int rank) {
    return rank == ranks - 1 ? everyRow() : new int[0];
  }

  /** The first of those that have most layers. */
  @Override
  public int busiest() {
    int busiest = 0;
    for (int rank = 1; rank < ranks; rank++) {
      busiest = count(rank) > count(busiest) ? rank : busiest;
    }
    return busiest;
  }

  @Override
  public Work work(int rank) {
    Work once = new DataSplit(setup, 1).work(0);
    long times = (long) count(rank) * inFlight;
    return new Work(times * once.flop(), times * once.bytes());
  }

  @Override
  public long sentBytes(Algorithms algorithms, int rank) {
    return Pipeline.sentBytes(schedule(), rank, tokens(), setup.spec().hidden(), 0);
  }

  @Override
  public long rankWeights(int rank) {
    return count(rank) * setup.spec().weights();
  }

  @Override
  public long duplicatedWeights(int rank) {
    return 0;
  }

  /** Of the layers of the rank that has most. */
  @Override
  public double cacheElementsPerToken() {
    LayerSpec spec = setup.spec();
    return (double) count(busiest()) * spec.attention().cacheElements();
  }

  @Override
  public int stages() {
    return ranks;
  }
}
