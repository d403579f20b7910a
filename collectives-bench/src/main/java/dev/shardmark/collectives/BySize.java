package dev.shardmark.collectives;

import java.util.List;
import java.util.stream.IntStream;

/**
 * Algorithms of one collective, each from a size on. What is chosen depends on the size alone, so
 * that all ranks of a call choose the same.
 */
public final class BySize<A extends Algorithm> {
  /** The name of every algorithm that chooses. */
  public static final String AUTO = "auto";

  private final long[] fromBytes;
  private final List<A> algorithms;

  /**
   * A choice.
   *
   * @param fromBytes ascending, one for each algorithm; what is below the first is the first's too
   */
  public BySize(List<Long> fromBytes, List<A> algorithms) {
    boolean ascends =
        IntStream.range(1, fromBytes.size()).allMatch(i -> fromBytes.get(i - 1) < fromBytes.get(i));
    if (algorithms.isEmpty() || algorithms.size() != fromBytes.size() || !ascends) {
      throw new IllegalArgumentException(
          "sizes must ascend, one for each of at least one algorithm: fromBytes="
              + fromBytes
              + " algorithms="
              + algorithms.stream().map(Algorithm::parameter).toList());
    }
    this.fromBytes = fromBytes.stream().mapToLong(Long::longValue).toArray();
    this.algorithms = List.copyOf(algorithms);
  }

  /** The algorithm for a call of this size. */
  public A of(long bytes) {
    int last = fromBytes.length - 1;
    while (last > 0 && bytes < fromBytes[last]) {
      last--;
    }
    return algorithms.get(last);
  }

  /** The algorithm for the longest calls. */
  public A largest() {
    return algorithms.getLast();
  }

  /** Whether any of them does. */
  public boolean needsSharedMemory() {
    return algorithms.stream().anyMatch(Algorithm::needsSharedMemory);
  }
}
