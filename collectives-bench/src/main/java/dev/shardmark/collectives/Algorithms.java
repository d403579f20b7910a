package dev.shardmark.collectives;

import dev.shardmark.collectives.allgather.AllGather;
import dev.shardmark.collectives.allgather.DirectAllGather;
import dev.shardmark.collectives.allgather.RingAllGather;
import dev.shardmark.collectives.allreduce.AllReduce;
import dev.shardmark.collectives.allreduce.DirectAllReduce;
import dev.shardmark.collectives.allreduce.RingAllReduce;
import dev.shardmark.collectives.alltoall.AllToAll;
import dev.shardmark.collectives.alltoall.DirectAllToAll;
import dev.shardmark.collectives.alltoall.PairwiseAllToAll;
import dev.shardmark.collectives.barrier.Barrier;
import dev.shardmark.collectives.barrier.CentralBarrier;
import dev.shardmark.collectives.barrier.DisseminationBarrier;
import dev.shardmark.collectives.broadcast.BinomialBroadcast;
import dev.shardmark.collectives.broadcast.Broadcast;
import dev.shardmark.collectives.broadcast.DirectBroadcast;
import dev.shardmark.collectives.reduce.BinomialReduce;
import dev.shardmark.collectives.reduce.Reduce;
import dev.shardmark.collectives.reducescatter.DirectReduceScatter;
import dev.shardmark.collectives.reducescatter.ReduceScatter;
import dev.shardmark.collectives.reducescatter.RingReduceScatter;
import java.util.List;

/** The algorithm of each collective of a group. */
public record Algorithms(
    AllReduce allReduce,
    Reduce reduce,
    ReduceScatter reduceScatter,
    AllGather allGather,
    Broadcast broadcast,
    AllToAll allToAll,
    Barrier barrier) {
  /** Those that suit a transport: direct where memory is shared, else one that sends messages. */
  public static Algorithms of(Transport transport) {
    return transport.copies()
        ? new Algorithms(
            new RingAllReduce(),
            new BinomialReduce(),
            new RingReduceScatter(),
            new RingAllGather(),
            new BinomialBroadcast(),
            new PairwiseAllToAll(),
            new DisseminationBarrier())
        : new Algorithms(
            new DirectAllReduce(),
            new BinomialReduce(),
            new DirectReduceScatter(),
            new DirectAllGather(),
            new DirectBroadcast(),
            new DirectAllToAll(),
            new CentralBarrier());
  }

  /**
   * The algorithm of one collective.
   *
   * @throws IllegalArgumentException if there is no choice of one
   */
  public Algorithm get(Operation operation) {
    return switch (operation) {
      case ALL_REDUCE -> allReduce;
      case REDUCE -> reduce;
      case REDUCE_SCATTER -> reduceScatter;
      case ALL_GATHER -> allGather;
      case BROADCAST -> broadcast;
      case ALL_TO_ALL, ALL_TO_ALL_V -> allToAll;
      case BARRIER -> barrier;
      case SPLIT, SEND ->
          throw new IllegalArgumentException(
              "an operation must have algorithms: op=" + operation.parameter());
    };
  }

  /** These, with {@code algorithm} in the place of the one of its kind. */
  public Algorithms with(Algorithm algorithm) {
    return new Algorithms(
        algorithm instanceof AllReduce a ? a : allReduce,
        algorithm instanceof Reduce a ? a : reduce,
        algorithm instanceof ReduceScatter a ? a : reduceScatter,
        algorithm instanceof AllGather a ? a : allGather,
        algorithm instanceof Broadcast a ? a : broadcast,
        algorithm instanceof AllToAll a ? a : allToAll,
        algorithm instanceof Barrier a ? a : barrier);
  }

  /**
   * Returns if a transport carries them all.
   *
   * @throws IllegalArgumentException naming one that it does not
   */
  void check(Transport transport) {
    for (Algorithm algorithm :
        List.of(allReduce, reduce, reduceScatter, allGather, broadcast, allToAll, barrier)) {
      if (transport.copies() && algorithm.needsSharedMemory()) {
        throw new IllegalArgumentException(
            "an algorithm must not need shared memory where messages are copied: algorithm="
                + algorithm.getClass().getSimpleName()
                + " transport="
                + transport.parameter());
      }
    }
  }
}
