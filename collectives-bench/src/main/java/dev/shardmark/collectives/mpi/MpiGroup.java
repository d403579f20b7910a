package dev.shardmark.collectives.mpi;

import dev.shardmark.collectives.Algorithms;
import dev.shardmark.collectives.Group;
import dev.shardmark.collectives.ReduceOp;
import java.util.Optional;

/** The processes that {@code mpirun} has started, one rank each; the library chooses algorithms. */
public final class MpiGroup implements Group {
  private final MpiCommunicator world;

  public MpiGroup(Mpi mpi) {
    world = mpi.world();
  }

  /** The rank of this process. */
  public int rank() {
    return world.rank();
  }

  @Override
  public int size() {
    return world.size();
  }

  @Override
  public void each(Body body) {
    try {
      body.run(world);
    } catch (RuntimeException e) {
      throw e;
    } catch (Exception e) {
      throw new IllegalStateException("rank " + rank() + " failed: " + e, e);
    }
  }

  @Override
  public Optional<Algorithms> chosenAlgorithms() {
    return Optional.empty();
  }

  @Override
  public String carrier() {
    return "mpi";
  }

  @Override
  public void sum(double[] values) {
    world.allReduce(values, ReduceOp.SUM);
  }

  @Override
  public void max(double[] values) {
    world.allReduce(values, ReduceOp.MAX);
  }
}
