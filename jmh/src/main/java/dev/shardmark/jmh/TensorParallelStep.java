package dev.shardmark.jmh;

import dev.shardmark.collectives.Rank;
import dev.shardmark.collectives.RankBody;
import dev.shardmark.collectives.RankGroup;
import dev.shardmark.collectives.ReduceOp;
import dev.shardmark.kernels.Matrix;
import dev.shardmark.kernels.Rounding;
import java.time.Duration;

/** A linear on all its tensor-parallel ranks: each multiplies, then all sum what is partial. */
final class TensorParallelStep implements AutoCloseable {
  /** Longer than any multiply of a published model takes on a slow core. */
  static final Duration DEADLINE = Duration.ofMinutes(5);

  private final RankGroup group;
  private final ShardedLinear[] shards;
  private final int allReduceElements;
  private final StepPhases phases;

  /** Held once, because a new lambda for each step would be garbage in the timed loop. */
  private final RankBody body = this::part;

  TensorParallelStep(TensorParallelLinear split, RankGroup group) {
    this.group = group;
    shards = new ShardedLinear[split.tp()];
    for (int rank = 0; rank < shards.length; rank++) {
      shards[rank] = split.newShard(rank);
    }
    allReduceElements = split.allReduceElements();
    phases = new StepPhases(split.tp());
  }

  /** Runs one step and returns rank 0's output. */
  float[] run() {
    group.run(body);
    phases.stepDone();
    return shards[0].output().data();
  }

  StepPhases phases() {
    return phases;
  }

  private void part(Rank rank) {
    int me = rank.rank();
    phases.started(me);
    shards[me].run();
    phases.computed(me);
    if (allReduceElements > 0) {
      Matrix output = shards[me].output();
      rank.allReduce(output.data(), output.offset(), allReduceElements, ReduceOp.SUM);
    }
    phases.ended(me);
  }

  /**
   * Runs one step and checks each shard's multiply, and each rank's sum against the partial outputs
   * added in double: {@code |sum - exact| <= g(p - 1) * (|x[0]| + ... + |x[p-1]|)}.
   */
  void verify() {
    double worst = 0;
    float[][] partial = new float[shards.length][];
    for (int rank = 0; rank < shards.length; rank++) {
      worst = Math.max(worst, shards[rank].verify());
      partial[rank] = shards[rank].output().data().clone();
    }
    TrialFacts.check("shard outputs against a double reference", worst);
    run();
    if (allReduceElements > 0) {
      TrialFacts.check("all-reduced output against a sum in double", worstSum(partial));
    }
  }

  private double worstSum(float[][] partial) {
    double worst = 0;
    int start = shards[0].output().offset();
    double gamma = Rounding.gamma(shards.length - 1L);
    for (int i = start; i < start + allReduceElements; i++) {
      double want = 0;
      double magnitude = 0;
      for (float[] x : partial) {
        want += x[i];
        magnitude += Math.abs(x[i]);
      }
      for (ShardedLinear shard : shards) {
        double error = Math.abs(shard.output().data()[i] - want);
        boolean exact = error == 0;
        worst = Math.max(worst, exact ? 0 : error / (gamma * magnitude));
        if (Double.isNaN(error)) {
          return Double.POSITIVE_INFINITY;
        }
      }
    }
    return worst;
  }

  @Override
  public void close() {
    group.close();
  }
}
