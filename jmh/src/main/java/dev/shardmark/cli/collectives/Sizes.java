package dev.shardmark.cli.collectives;

import dev.shardmark.collectives.Operation;
import dev.shardmark.collectives.sweep.Sweep;
import java.util.List;

/** Which collectives and sizes the targets are of. */
final class Sizes {
  /** Those of which each rank has a block start where a block has 16 bytes. */
  private static final long LEAST_OF_BLOCKS = 64;

  private static final long MOST = 64 << 20;
  private static final int FACTOR = 4;

  /** Compared with MPI in C, size by size. */
  static final List<Operation> COMPARED =
      List.of(
          Operation.ALL_REDUCE,
          Operation.ALL_TO_ALL,
          Operation.ALL_GATHER,
          Operation.REDUCE_SCATTER);

  /** Of the direct all-reduce beside the memory's roof. */
  static final List<Long> OF_BOUND = List.of(16L << 20, 32L << 20, 64L << 20);

  static final List<Operation> BACKEND =
      List.of(
          Operation.ALL_REDUCE,
          Operation.REDUCE_SCATTER,
          Operation.ALL_GATHER,
          Operation.BROADCAST,
          Operation.ALL_TO_ALL);

  static final List<Long> OF_BACKEND = Sweep.sizes(64 << 10, MOST, FACTOR);

  static final List<Operation> CROWDED =
      List.of(
          Operation.BARRIER,
          Operation.ALL_REDUCE,
          Operation.REDUCE,
          Operation.REDUCE_SCATTER,
          Operation.ALL_GATHER,
          Operation.BROADCAST,
          Operation.ALL_TO_ALL);

  private static final List<Long> OF_CROWDED = List.of(1L << 10, 64L << 10, 4L << 20);

  private Sizes() {}

  static List<Long> of(Operation op) {
    return Sweep.sizes(op == Operation.ALL_REDUCE ? Float.BYTES : LEAST_OF_BLOCKS, MOST, FACTOR);
  }

  static List<Long> ofCrowded(Operation op) {
    return op == Operation.BARRIER ? List.of(0L) : OF_CROWDED;
  }

  /** Whether there is a call in place: false, true or both. */
  static List<Boolean> places(Operation op) {
    return switch (op) {
      case ALL_TO_ALL -> List.of(false);
      case BARRIER, BROADCAST, REDUCE -> List.of(true);
      default -> List.of(false, true);
    };
  }

  /** The loop in C calls what the back-end calls: with counts for each rank. */
  static String calledByBackend(Operation op) {
    return switch (op) {
      case REDUCE_SCATTER, ALL_GATHER, ALL_TO_ALL -> op.parameter() + "_v";
      default -> op.parameter();
    };
  }

  static boolean isOnlyInPlace(Operation op) {
    return places(op).equals(List.of(true));
  }
}
