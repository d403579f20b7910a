package dev.shardmark.jmh;

import dev.shardmark.collectives.AlgorithmNames;
import dev.shardmark.collectives.Operation;
import dev.shardmark.collectives.allreduce.AllReduce;

/** All-reduce algorithms by the name they carry in parameters. */
public final class AllReduceChoice {
  private AllReduceChoice() {}

  /**
   * The algorithm a parameter names.
   *
   * @throws IllegalArgumentException naming the accepted values, if there is none
   */
  public static AllReduce of(String allreduce) {
    return (AllReduce) AlgorithmNames.of(Operation.ALL_REDUCE, allreduce);
  }
}
