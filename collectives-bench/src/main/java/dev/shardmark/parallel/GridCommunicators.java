package dev.shardmark.parallel;

import dev.shardmark.collectives.Communicator;

/**
 * The groups a rank of a grid is in, one for each axis; in each, ranks that differ in that axis
 * alone.
 *
 * @param tensor also that of the sequence axis
 */
public record GridCommunicators(
    Communicator tensor,
    Communicator context,
    Communicator data,
    Communicator pipeline,
    Communicator expert) {
  /**
   * Splits the world; every rank calls it.
   *
   * @throws IllegalArgumentException if the grid has another number of ranks
   */
  public static GridCommunicators of(Communicator world, Grid grid, Meter meter) {
    if (world.size() != grid.ranks()) {
      throw new IllegalArgumentException(
          "a grid must have as many ranks as its group: grid="
              + grid.ranks()
              + " group="
              + world.size());
    }
    int rank = world.rank();
    Grid.Place at = grid.place(rank);
    Axis tensor = grid.plan().sequence() ? Axis.SEQUENCE : Axis.TENSOR;
    int stage = at.pipeline() * grid.plan().stageRanks();
    return new GridCommunicators(
        split(world, grid.rank(0, at.context(), at.data(), at.pipeline()), tensor, meter),
        split(world, grid.rank(at.tensor(), 0, at.data(), at.pipeline()), Axis.CONTEXT, meter),
        split(world, grid.rank(at.tensor(), at.context(), 0, at.pipeline()), Axis.DATA, meter),
        split(world, grid.rank(at.tensor(), at.context(), at.data(), 0), Axis.PIPELINE, meter),
        split(world, stage + at.replica() * grid.plan().expert(), Axis.EXPERT, meter));
  }

  /** The group whose first rank is {@code first}. */
  private static Communicator split(Communicator world, int first, Axis axis, Meter meter) {
    return new Metered(world.split(first, world.rank()), axis, meter);
  }
}
