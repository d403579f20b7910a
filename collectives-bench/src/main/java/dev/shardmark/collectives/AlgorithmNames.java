package dev.shardmark.collectives;

import dev.shardmark.collectives.allgather.BruckAllGather;
import dev.shardmark.collectives.allgather.DirectAllGather;
import dev.shardmark.collectives.allgather.EagerAllGather;
import dev.shardmark.collectives.allgather.RecursiveDoublingAllGather;
import dev.shardmark.collectives.allgather.RingAllGather;
import dev.shardmark.collectives.allreduce.BinomialTreeAllReduce;
import dev.shardmark.collectives.allreduce.DirectAllReduce;
import dev.shardmark.collectives.allreduce.DoubleBinaryTreeAllReduce;
import dev.shardmark.collectives.allreduce.EagerAllReduce;
import dev.shardmark.collectives.allreduce.OneShotAllReduce;
import dev.shardmark.collectives.allreduce.RabenseifnerAllReduce;
import dev.shardmark.collectives.allreduce.RecursiveDoublingAllReduce;
import dev.shardmark.collectives.allreduce.RingAllReduce;
import dev.shardmark.collectives.allreduce.SegmentedRingAllReduce;
import dev.shardmark.collectives.alltoall.BruckAllToAll;
import dev.shardmark.collectives.alltoall.DirectAllToAll;
import dev.shardmark.collectives.alltoall.EagerAllToAll;
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
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The algorithms of each collective, by name. */
public final class AlgorithmNames {
  private static final int NODE_RANKS = 2;
  private static final int SEGMENTS = 8;

  /** A name with a count, which some algorithms have. */
  private static final Pattern SIZED = Pattern.compile("(\\w+)\\((\\d{1,9})\\)");

  private AlgorithmNames() {}

  /** All algorithms of a collective; the first is the fastest for large messages, as a rule. */
  public static List<Algorithm> of(Operation operation) {
    return switch (operation) {
      case ALL_REDUCE ->
          List.of(
              new DirectAllReduce(),
              new OneShotAllReduce(),
              new EagerAllReduce(),
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
              new EagerAllGather(),
              new RingAllGather(),
              new RecursiveDoublingAllGather(),
              new BruckAllGather());
      case BROADCAST ->
          List.of(
              new DirectBroadcast(),
              new BinomialBroadcast(),
              new PipelinedChainBroadcast(SEGMENTS),
              new ScatterAllGatherBroadcast());
      case ALL_TO_ALL, ALL_TO_ALL_V ->
          List.of(
              new DirectAllToAll(),
              new EagerAllToAll(),
              new PairwiseAllToAll(),
              new BruckAllToAll(),
              new HierarchicalAllToAll(NODE_RANKS));
      case BARRIER -> List.of(new CentralBarrier(), new DisseminationBarrier());
      case SPLIT, SEND -> List.of();
    };
  }

  /** All algorithms of a collective that a transport carries. */
  public static List<Algorithm> of(Operation operation, Transport transport) {
    return of(operation).stream()
        .filter(algorithm -> !transport.copies() || !algorithm.needsSharedMemory())
        .toList();
  }

  /**
   * The algorithm of this name; the count of one that has a count may be another than in the list,
   * as in {@code hierarchical(4)}.
   *
   * @throws IllegalArgumentException naming those there are, if there is none
   */
  public static Algorithm of(Operation operation, String name) {
    List<Algorithm> all = of(operation);
    return all.stream()
        .filter(algorithm -> algorithm.parameter().equals(name))
        .findFirst()
        .or(() -> sized(operation, name))
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

  private static Optional<Algorithm> sized(Operation operation, String name) {
    Matcher sized = SIZED.matcher(name);
    if (!sized.matches()) {
      return Optional.empty();
    }
    int count = Integer.parseInt(sized.group(2));
    boolean broadcasts = operation == Operation.BROADCAST;
    boolean exchanges = operation == Operation.ALL_TO_ALL || operation == Operation.ALL_TO_ALL_V;
    return switch (sized.group(1)) {
      case "pipelined_chain" ->
          broadcasts ? Optional.of(new PipelinedChainBroadcast(count)) : Optional.empty();
      case "hierarchical" ->
          exchanges ? Optional.of(new HierarchicalAllToAll(count)) : Optional.empty();
      default -> Optional.empty();
    };
  }
}
