package dev.shardmark.jmh;

import dev.shardmark.collectives.Operation;

/**
 * What does an all-gather of a given size cost, by algorithm?
 *
 * <pre>
 * {@code ./shardmark bench --filter AllGather -p bytes=65536,16777216 -p algorithm=direct,ring}
 * </pre>
 */
public class AllGatherBenchmark extends CollectiveBenchmark {
  /** Called by JMH. */
  public AllGatherBenchmark() {
    super(Operation.ALL_GATHER);
  }
}
