package dev.shardmark.jmh;

import dev.shardmark.collectives.Operation;

/**
 * What does a reduce-scatter of a given size cost, by algorithm?
 *
 * <pre>
 * {@code ./shardmark bench --filter ReduceScatter -p bytes=65536,16777216 -p algorithm=direct,ring}
 * </pre>
 */
public class ReduceScatterBenchmark extends CollectiveBenchmark {
  /** Called by JMH. */
  public ReduceScatterBenchmark() {
    super(Operation.REDUCE_SCATTER);
  }
}
