package dev.shardmark.jmh;

import dev.shardmark.collectives.allreduce.AllReduce;
import dev.shardmark.collectives.allreduce.DirectAllReduce;
import dev.shardmark.collectives.allreduce.RingAllReduce;

/** All-reduce algorithms by the name they carry in parameters. */
public final class AllReduceChoice {
  private AllReduceChoice() {}

  /**
   * The algorithm a parameter names.
   *
   * @throws IllegalArgumentException naming the accepted values, if there is none
   */
  public static AllReduce of(String allreduce) {
    return switch (allreduce) {
      case "direct" -> new DirectAllReduce();
      case "ring" -> new RingAllReduce();
      default ->
          throw new IllegalArgumentException(
              "allreduce must be one of [direct, ring]: allreduce=" + allreduce);
    };
  }
}
