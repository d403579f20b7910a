package dev.shardmark.parallel.grid;

import dev.shardmark.collectives.Communicator;
import dev.shardmark.collectives.ReduceOp;
import dev.shardmark.collectives.mpi.Mpi;
import dev.shardmark.kernels.Matrix;
import dev.shardmark.kernels.Variant;
import dev.shardmark.model.ShardPlan;
import dev.shardmark.parallel.GridCommunicators;

/** One rank of a job that splits layers by every plan of its ranks, and asks the oracle. */
final class EveryAxis {
  /** Exit code of a job one of whose ranks is wrong. */
  static final int WRONG = 3;

  private EveryAxis() {}

  /** With an argument, the ranks of the tensor and the data axis take each other for their own. */
  public static void main(String[] arguments) {
    Mpi mpi = Mpi.start();
    Communicator world = mpi.world();
    try {
      int plans = 0;
      for (ShardPlan plan : Plans.of(world.size())) {
        if (plan.expert() == 1) {
          verify(world, Plans.dense(plan), arguments.length > 0);
        }
        verify(world, Plans.experts(plan), arguments.length > 0);
        plans++;
      }
      world.barrier();
      if (world.rank() == 0) {
        System.out.println("all " + plans + " plans are right on " + world.size() + " ranks");
      }
    } catch (RuntimeException | Error e) {
      System.err.println("rank " + world.rank() + " is wrong: " + e);
      mpi.abort(WRONG);
    }
    mpi.close();
  }

  private static void verify(Communicator world, GridLayers layers, boolean swapped) {
    String fault = GridTrial.fault(layers, trial -> fault(world, trial, swapped));
    if (fault != null) {
      throw new IllegalStateException(fault);
    }
  }

  /** What is wrong with this rank's tokens; ranks put together what the next layer starts from. */
  private static String fault(Communicator world, GridTrial trial, boolean swapped) {
    GridTrial.Groups groups =
        swapped
            ? (all, meter) -> {
              GridCommunicators g = trial.groups(all, meter);
              return new GridCommunicators(
                  g.data(), g.context(), g.tensor(), g.pipeline(), g.expert());
            }
            : trial::groups;
    GridTrial.Outcome outcome = trial.run(world, Variant.SCALAR, groups);
    Matrix in = trial.input();
    for (int layer = 0; layer < trial.layers().layers(); layer++) {
      GridTrial.Expected expected = trial.expected(layer, in);
      String fault = trial.faultOfTokens(world.rank(), layer, outcome, expected);
      if (fault != null) {
        return fault;
      }
      in = Matrix.zeros(in.rows(), in.cols());
      trial.put(world.rank(), layer, outcome, in);
      world.allReduce(in.data(), in.offset(), in.rows() * in.cols(), ReduceOp.SUM);
    }
    return null;
  }
}
