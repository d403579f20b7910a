package dev.shardmark.collectives;

import java.util.Optional;

/**
 * Ranks that call collectives together: threads of this process, or processes of one rank each. All
 * processes of a group call its methods in the same order.
 */
public interface Group {
  /** Ranks, at least 1. */
  int size();

  /** Runs the body on each rank of this process, while other processes run it on theirs. */
  void each(Body body);

  /** What the ranks run, unless a library chooses that by itself. */
  Optional<Algorithms> chosenAlgorithms();

  /** How data gets from rank to rank, as a name in rows. */
  String carrier();

  /** Replaces every value by its sum over the processes. */
  void sum(double[] values);

  /** Replaces every value by the largest of the processes'. */
  void max(double[] values);

  /** The name of what runs an operation. */
  default String algorithm(Operation operation) {
    return chosenAlgorithms().map(all -> all.get(operation).parameter()).orElse(carrier());
  }

  /** What every rank of a group runs, whatever carries its calls. */
  @FunctionalInterface
  interface Body {
    void run(Communicator rank) throws Exception;
  }
}
