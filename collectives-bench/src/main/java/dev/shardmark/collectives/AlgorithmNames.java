package dev.shardmark.collectives;

import dev.shardmark.collectives.allgather.BruckAllGather;
import dev.shardmark.collectives.allgather.DirectAllGather;
import dev.shardmark.collectives.allgather.RecursiveDoublingAllGather;
import dev.shardmark.collectives.allgather.RingAllGather;
import dev.shardmark.collectives.allreduce.BinomialTreeAllReduce;
import dev.shardmark.collectives.allreduce.DirectAllReduce;
import dev.shardmark.collectives.allreduce.DoubleBinaryTreeAllReduce;
import dev.shardmark.collectives.allreduce.OneShotAllReduce;
import dev.shardmark.collectives.allreduce.RabenseifnerAllReduce;
import dev.shardmark.collectives.allreduce.RecursiveDoublingAllReduce;
import dev.shardmark.collectives.allreduce.RingAllReduce;
import dev.shardmark.collectives.allreduce.SegmentedRingAllReduce;
import dev.shardmark.collectives.alltoall.BruckAllToAll;
import dev.shardmark.collectives.alltoall.DirectAllToAll;
import dev.shardmark.collectives.alltoall.HierarchicalAllToAll;
import dev.shardmark.collectives.alltoall.PairwiseAllToAll;
import dev.shardmark.collectives.barrier.CentralBarrier;
import dev.shardmark.collectives.barrier.DisseminationBarrier;
import dev.shardmark.collectives.broadcast.BinomialBroadcast;
import dev.shardmark.collectives.broadcast.DirectBroadcast;
import dev.shardmark.collectives.broadcast.PipelinedChainBroadcast;
import dev.shardmark.collectives.broadcast.ScatterAllGatherBroadcast;
import dev.shardmark.collectives.reduce.BinomialReduce;
import dev.shardmark.collectives.reduce.DirectReduce;
import dev.shardmark.collectives.reducescatter.DirectReduceScatter;
import dev.shardmark.collectives.reducescatter.RecursiveHalvingReduceScatter;
import dev.shardmark.collectives.reducescatter.RingReduceScatter;
import java.util.List;

/** The algorithms of each collective, by name. */
public final class AlgorithmNames {
  /** Ranks of a node where the hierarchical all-to-all is asked for by name alone. */
  private static final int NODE_RANKS = 2;

  private AlgorithmNames() {}

  /** All algorithms of a collective; the first is the fastest for large messages, as a rule. */
  public static List<Algorithm> of(Operation operation) {
    return switch (operation) {
      case ALL_REDUCE ->
          List.of(
              new DirectAllReduce(),
              new OneShotAllReduce(),
              new RingAllReduce(),
              new SegmentedRingAllReduce(),
              new RecursiveDoublingAllReduce(),
              new RabenseifnerAllReduce(),
              new BinomialTreeAllReduce(),
              new DoubleBinaryTreeAllReduce());
      case REDUCE -> List.of(new DirectReduce(), new BinomialReduce());
      case REDUCE_SCATTER ->
          List.of(
              new DirectReduceScatter(),
              new RingReduceScatter(),
              new RecursiveHalvingReduceScatter());
      case ALL_GATHER ->
          List.of(
              new DirectAllGather(),
              new RingAllGather(),
              new RecursiveDoublingAllGather(),
              new BruckAllGather());
      case BROADCAST ->
          List.of(
              new DirectBroadcast(),
              new BinomialBroadcast(),
              new PipelinedChainBroadcast(),
              new ScatterAllGatherBroadcast());
      case ALL_TO_ALL, ALL_TO_ALL_V ->
          List.of(
              new DirectAllToAll(),
              new PairwiseAllToAll(),
              new BruckAllToAll(),
              new HierarchicalAllToAll(NODE_RANKS));
      case BARRIER -> List.of(new CentralBarrier(), new DisseminationBarrier());
      case SPLIT, SEND -> List.of();
    };
  }

  /**
   * The algorithm of this name.
   *
   * @throws IllegalArgumentException naming those there are, if there is none
   */
  public static Algorithm of(Operation operation, String name) {
    List<Algorithm> all = of(operation);
    return all.stream()
        .filter(algorithm -> algorithm.parameter().equals(name))
        .findFirst()
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "algorithm of "
                        + operation.parameter()
                        + " must be one of "
                        + all.stream().map(Algorithm::parameter).toList()
                        + ": algorithm="
                        + name));
  }
}
