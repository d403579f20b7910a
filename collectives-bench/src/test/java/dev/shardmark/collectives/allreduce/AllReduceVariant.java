package dev.shardmark.collectives.allreduce;

import dev.shardmark.collectives.Algorithms;
import dev.shardmark.collectives.RankGroup;
import dev.shardmark.collectives.Transport;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;

/** Every all-reduce there is, on every transport that carries it. */
public record AllReduceVariant(AllReduce algorithm, Transport transport) {
  public static Stream<AllReduceVariant> all() {
    return algorithms().stream()
        .flatMap(
            algorithm ->
                Stream.of(Transport.SHARED, Transport.COPYING)
                    .filter(transport -> !transport.copies() || !algorithm.needsSharedMemory())
                    .map(transport -> new AllReduceVariant(algorithm, transport)));
  }

  public static List<AllReduce> algorithms() {
    return List.of(
        new ReferenceAllReduce(),
        new DirectAllReduce(),
        new OneShotAllReduce(),
        new EagerAllReduce(),
        new RingAllReduce(),
        new SegmentedRingAllReduce(),
        new SegmentedRingAllReduce(7),
        new RecursiveDoublingAllReduce(),
        new RabenseifnerAllReduce(),
        new BinomialTreeAllReduce(),
        new DoubleBinaryTreeAllReduce());
  }

  public RankGroup open(int ranks, Duration deadline) {
    return RankGroup.open(ranks, deadline, transport, Algorithms.of(transport).with(algorithm));
  }

  @Override
  public String toString() {
    return algorithm.parameter() + " " + transport.parameter();
  }
}
