package dev.shardmark.parallel.grid;

import dev.shardmark.collectives.Algorithms;
import dev.shardmark.collectives.CollectiveException;
import dev.shardmark.collectives.Communicator;
import dev.shardmark.collectives.RankGroup;
import dev.shardmark.kernels.Matrix;
import dev.shardmark.kernels.Variant;
import dev.shardmark.kernels.layer.Bounded;
import dev.shardmark.kernels.moe.Routing;
import dev.shardmark.parallel.Axis;
import dev.shardmark.parallel.GridCommunicators;
import dev.shardmark.parallel.Inputs;
import dev.shardmark.parallel.LayerSpec;
import dev.shardmark.parallel.LayerWeightSource;
import dev.shardmark.parallel.Meter;
import dev.shardmark.parallel.ShardedLayer;
import dev.shardmark.parallel.Tokens;
import dev.shardmark.parallel.oracle.OracleLayer;
import dev.shardmark.parallel.oracle.OracleRouting;
import java.util.Arrays;
import java.util.stream.IntStream;

/**
 * Layers of a grid by all ranks and by the oracle, which gets for each layer what ranks put
 * together behind the one before: so its bound is that of one layer, however many stages there are.
 *
 * @param seed of tokens and weights
 */
record GridTrial(GridLayers layers, long seed) {
  private static final int SEEDS = 20;

  /** Makes the groups of a rank. */
  interface Groups {
    GridCommunicators of(Communicator world, Meter meter);
  }

  /** Tells what is wrong of a trial, or null. */
  interface Judge {
    String fault(GridTrial trial);
  }

  /** What a rank has behind each of its layers, and what it said on the way. */
  record Outcome(Matrix[] behind, Meter meter) {}

  /** What the oracle has behind a layer, and the experts it chose; null without experts. */
  record Expected(Bounded output, Routing routing) {}

  /** The verdict by the first seed that lets no rounding decide which experts are chosen. */
  static String fault(GridLayers layers, Judge judge) {
    IllegalArgumentException unclear = null;
    for (long seed = 1; seed <= SEEDS; seed++) {
      try {
        return judge.fault(new GridTrial(layers, seed));
      } catch (IllegalArgumentException e) {
        unclear = e;
      }
    }
    throw unclear;
  }

  /** The groups that the grid says. */
  GridCommunicators groups(Communicator world, Meter meter) {
    return GridCommunicators.of(world, layers.grid(), meter);
  }

  private LayerWeightSource weights(int layer) {
    return new LayerWeightSource(seed, layer);
  }

  /** All tokens, one sequence behind the other. */
  Matrix input() {
    return Inputs.uniform(seed, layers.sequences() * layers.tokens(), layers.spec().hidden());
  }

  /** Runs the layers of a rank twice: the second time finds what the first has left. */
  Outcome run(Communicator world, Variant variant, Groups groups) {
    int rank = world.rank();
    Meter meter = new Meter(false);
    GridCommunicators axes = groups.of(world, meter);
    ShardedLayer[] mine = new ShardedLayer[layers.stageLayers()];
    Arrays.setAll(
        mine, i -> layers.layer(axes, rank, weights(layers.firstLayer(rank) + i), variant, meter));
    pass(mine, rank, axes.pipeline());
    meter.clear();
    return new Outcome(pass(mine, rank, axes.pipeline()), meter);
  }

  private Matrix[] pass(ShardedLayer[] mine, int rank, Communicator stages) {
    Matrix x = rows(input(), layers.kept(rank));
    int length = x.rows() * x.cols();
    if (stages.rank() > 0) {
      Arrays.fill(x.data(), Float.NaN);
      stages.receive(stages.rank() - 1, x.data(), x.offset(), length);
    }
    Matrix[] behind = new Matrix[mine.length];
    for (int i = 0; i < mine.length; i++) {
      mine[i].run(x);
      behind[i] = Inputs.rows(x, 0, x.rows());
    }
    if (stages.rank() + 1 < stages.size()) {
      stages.send(stages.rank() + 1, x.data(), x.offset(), length);
    }
    return behind;
  }

  private static Matrix rows(Matrix all, int[] which) {
    Matrix some = Matrix.zeros(which.length, all.cols());
    for (int i = 0; i < which.length; i++) {
      copy(all, which[i], some, i);
    }
    return some;
  }

  private static void copy(Matrix from, int row, Matrix to, int toRow) {
    int at = from.offset() + row * from.cols();
    System.arraycopy(from.data(), at, to.data(), to.offset() + toRow * to.cols(), from.cols());
  }

  /** Whether a rank's tokens behind a layer are those to be put together. */
  private boolean speaks(int rank, int layer) {
    boolean once = layers.grid().plan().sequence() || layers.grid().place(rank).tensor() == 0;
    return once && has(rank, layer);
  }

  private boolean has(int rank, int layer) {
    return layer / layers.stageLayers() == layers.grid().place(rank).pipeline();
  }

  /** Puts what a rank has behind a layer among all tokens, if it is the one to do so. */
  void put(int rank, int layer, Outcome outcome, Matrix all) {
    if (speaks(rank, layer)) {
      int[] kept = layers.kept(rank);
      for (int i = 0; i < kept.length; i++) {
        copy(outcome.behind()[layer % layers.stageLayers()], i, all, kept[i]);
      }
    }
  }

  Expected expected(int layer, Matrix in) {
    LayerSpec spec = layers.spec();
    int parts = layers.grid().plan().context();
    Tokens tokens = Tokens.prompts(layers.sequences(), layers.tokens());
    OracleLayer oracle = new OracleLayer(spec, weights(layer)).inParts(parts);
    if (spec.experts() == 0) {
      return new Expected(oracle.run(in, tokens).output(), null);
    }
    Routing chosen = Routing.zeros(in.rows(), spec.topK());
    OracleRouting rule = OracleRouting.byRule(spec.rule(), spec.topK());
    OracleRouting noted =
        (token, logits) -> {
          Bounded weights = rule.weights(token, logits);
          int[] experts =
              IntStream.range(0, spec.experts()).filter(e -> weights.value()[e] != 0).toArray();
          System.arraycopy(experts, 0, chosen.expert(), token * spec.topK(), experts.length);
          return weights;
        };
    return new Expected(oracle.routed(noted).run(in, tokens).output(), chosen);
  }

  /** What is wrong with a rank's tokens behind a layer; null where it has not that layer. */
  String faultOfTokens(int rank, int layer, Outcome outcome, Expected expected) {
    if (!has(rank, layer)) {
      return null;
    }
    Matrix out = outcome.behind()[layer % layers.stageLayers()];
    double worst = expected.output().rows(layers.kept(rank)).worst(out);
    return worst <= 1
        ? null
        : "error over bound is " + worst + ": rank=" + rank + " layer=" + layer + " " + layers;
  }

  /** What is wrong first, by ranks of this process. */
  String fault(RankGroup group, Variant variant, Groups groups) {
    Outcome[] outcomes = new Outcome[group.size()];
    try {
      group.run(rank -> outcomes[rank.rank()] = run(rank, variant, groups));
    } catch (CollectiveException e) {
      return "it fails: " + e;
    }
    Expected[] expected = new Expected[layers.layers()];
    Matrix in = input();
    for (int layer = 0; layer < expected.length; layer++) {
      expected[layer] = expected(layer, in);
      Matrix out = Matrix.zeros(in.rows(), in.cols());
      Arrays.fill(out.data(), Float.NaN);
      for (int rank = 0; rank < outcomes.length; rank++) {
        String fault = faultOfTokens(rank, layer, outcomes[rank], expected[layer]);
        if (fault != null) {
          return fault;
        }
        put(rank, layer, outcomes[rank], out);
      }
      in = out;
    }
    return faultOfBytes(group.algorithms(), outcomes, expected);
  }

  private String faultOfBytes(Algorithms algorithms, Outcome[] outcomes, Expected[] expected) {
    GridTraffic traffic = new GridTraffic(layers, algorithms);
    for (int rank = 0; rank < outcomes.length; rank++) {
      for (Axis axis : Axis.values()) {
        long formula = axis == Axis.PIPELINE ? traffic.toNextStage(rank) : 0;
        for (int i = 0; i < layers.stageLayers(); i++) {
          Routing routing = expected[layers.firstLayer(rank) + i].routing();
          formula += traffic.sentBytes(rank, axis, routing);
        }
        long sent = outcomes[rank].meter().sentBytes(axis);
        if (sent != formula) {
          return "bytes of %s are %d, by formula %d: rank=%d %s"
              .formatted(axis.parameter(), sent, formula, rank, layers);
        }
      }
    }
    return null;
  }
}
