package dev.shardmark.collectives.sweep;

import dev.shardmark.collectives.Operation;
import dev.shardmark.collectives.ReduceOp;
import java.util.List;

/** The exercises there are. */
public final class Exercises {
  /** What a sweep can be of. */
  public static final List<Operation> OPERATIONS =
      List.of(
          Operation.ALL_REDUCE,
          Operation.REDUCE,
          Operation.REDUCE_SCATTER,
          Operation.ALL_GATHER,
          Operation.BROADCAST,
          Operation.ALL_TO_ALL);

  private Exercises() {}

  /**
   * The operation of a name.
   *
   * @throws IllegalArgumentException naming those there are, if there is none
   */
  public static Operation operation(String name) {
    return OPERATIONS.stream()
        .filter(operation -> operation.parameter().equals(name))
        .findFirst()
        .orElseThrow(() -> unknown(name));
  }

  private static IllegalArgumentException unknown(String name) {
    return new IllegalArgumentException(
        "op must be one of "
            + OPERATIONS.stream().map(Operation::parameter).toList()
            + ": op="
            + name);
  }

  /**
   * The exercise of an operation.
   *
   * @param op where it reduces
   * @param root where it has one
   * @throws IllegalArgumentException if no sweep is of it
   */
  public static Exercise of(Operation operation, ReduceOp op, int root) {
    return switch (operation) {
      case ALL_REDUCE -> new AllReduceExercise(op);
      case REDUCE -> new ReduceExercise(op, root);
      case REDUCE_SCATTER -> new ReduceScatterExercise(op);
      case ALL_GATHER -> new AllGatherExercise();
      case BROADCAST -> new BroadcastExercise(root);
      case ALL_TO_ALL -> new AllToAllExercise();
      case BARRIER -> new BarrierExercise();
      case ALL_TO_ALL_V, SPLIT, SEND -> throw unknown(operation.parameter());
    };
  }
}
