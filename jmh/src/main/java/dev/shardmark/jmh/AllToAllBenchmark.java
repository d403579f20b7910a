package dev.shardmark.jmh;

import dev.shardmark.collectives.Operation;

/**
 * What does an all-to-all of a given size cost, by algorithm?
 *
 * <pre>
 * {@code ./shardmark bench --filter AllToAll -p bytes=65536,16777216 -p algorithm=direct,pairwise}
 * </pre>
 */
public class AllToAllBenchmark extends CollectiveBenchmark {
  /** Called by JMH. */
  public AllToAllBenchmark() {
    super(Operation.ALL_TO_ALL);
  }
}
