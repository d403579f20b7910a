package dev.shardmark.jmh;

import dev.shardmark.collectives.Operation;

/**
 * What does a broadcast of a given size cost, by algorithm?
 *
 * <pre>
 * {@code ./shardmark bench --filter Broadcast -p bytes=65536,16777216 -p algorithm=direct,binomial}
 * </pre>
 */
public class BroadcastBenchmark extends CollectiveBenchmark {
  /** Called by JMH. */
  public BroadcastBenchmark() {
    super(Operation.BROADCAST);
  }
}
