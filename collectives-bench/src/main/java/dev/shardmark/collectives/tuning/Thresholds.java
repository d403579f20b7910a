package dev.shardmark.collectives.tuning;

import static java.util.stream.Collectors.groupingBy;
import static java.util.stream.Collectors.joining;
import static java.util.stream.Collectors.toMap;

import dev.shardmark.collectives.Algorithm;
import dev.shardmark.collectives.AlgorithmNames;
import dev.shardmark.collectives.BySize;
import dev.shardmark.collectives.Operation;
import dev.shardmark.collectives.allgather.AllGather;
import dev.shardmark.collectives.allgather.AutoAllGather;
import dev.shardmark.collectives.allreduce.AllReduce;
import dev.shardmark.collectives.allreduce.AutoAllReduce;
import dev.shardmark.collectives.alltoall.AllToAll;
import dev.shardmark.collectives.alltoall.AutoAllToAll;
import dev.shardmark.collectives.broadcast.AutoBroadcast;
import dev.shardmark.collectives.broadcast.Broadcast;
import dev.shardmark.collectives.reduce.AutoReduce;
import dev.shardmark.collectives.reduce.Reduce;
import dev.shardmark.collectives.reducescatter.AutoReduceScatter;
import dev.shardmark.collectives.reducescatter.ReduceScatter;
import dev.shardmark.collectives.sweep.Exercises;
import dev.shardmark.collectives.sweep.SweepPoint;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * From which size on which algorithm is fastest, for one operation, transport and number of ranks
 * of one machine.
 *
 * @param operation what is called
 * @param transport its name
 * @param ranks in the group
 * @param steps sizes ascending; what is below the first has the first's algorithm too
 */
public record Thresholds(Operation operation, String transport, int ranks, List<Step> steps) {
  /** Times nearer to each other are the same: which of them is less changes from run to run. */
  private static final double SAME = 1.03;

  public Thresholds {
    steps = List.copyOf(steps);
    if (steps.isEmpty()) {
      throw new IllegalArgumentException("thresholds must have a size: steps=[]");
    }
    for (int i = 1; i < steps.size(); i++) {
      if (steps.get(i - 1).fromBytes() >= steps.get(i).fromBytes()) {
        throw new IllegalArgumentException("sizes of thresholds must ascend: steps=" + steps);
      }
    }
  }

  /**
   * An algorithm and where it begins.
   *
   * @param fromBytes a size that was measured
   */
  public record Step(long fromBytes, String algorithm) {
    /** For example {@code from 4096 direct}. */
    @Override
    public String toString() {
      return "from " + fromBytes + " " + algorithm;
    }
  }

  /**
   * The fastest at each size, in as few steps as there can be: an algorithm goes on for as long as
   * it is among the fastest. Of those that could make a step, it is the one with the least product
   * of times, then the first.
   *
   * @param points of one operation, transport and number of ranks; those that choose by size
   *     themselves, or were wrong, do not count
   * @throws IllegalArgumentException if none is left, or they differ in more than algorithm and
   *     size
   */
  public static Thresholds measured(Collection<SweepPoint> points) {
    SortedMap<Long, Map<String, Double>> times = times(points);
    if (times.isEmpty()) {
      throw new IllegalArgumentException("thresholds must have a size that was timed: points=0");
    }
    List<Step> steps = new ArrayList<>();
    long from = times.firstKey();
    Set<String> candidates = fastest(times.get(from));
    for (long size : times.keySet()) {
      Set<String> both = new LinkedHashSet<>(candidates);
      both.retainAll(fastest(times.get(size)));
      if (both.isEmpty()) {
        steps.add(new Step(from, best(candidates, times.subMap(from, size))));
        from = size;
        both = fastest(times.get(size));
      }
      candidates = both;
    }
    steps.add(new Step(from, best(candidates, times.tailMap(from))));
    SweepPoint any = points.iterator().next();
    return new Thresholds(
        Exercises.operation(any.operation()), any.transport(), any.ranks(), steps);
  }

  /** Whether more than one algorithm was timed. */
  public static boolean hasChoice(Collection<SweepPoint> points) {
    return points.stream()
            .filter(point -> point.timing().isPresent())
            .map(SweepPoint::algorithm)
            .distinct()
            .count()
        > 1;
  }

  private static SortedMap<Long, Map<String, Double>> times(Collection<SweepPoint> points) {
    long groups =
        points.stream()
            .map(point -> List.of(point.operation(), point.transport(), point.ranks()))
            .distinct()
            .count();
    if (groups > 1) {
      throw new IllegalArgumentException(
          "thresholds must be of one operation, transport and number of ranks: groups=" + groups);
    }
    return points.stream()
        .filter(point -> point.timing().isPresent() && !point.algorithm().equals(BySize.AUTO))
        .collect(
            groupingBy(
                SweepPoint::bytes,
                TreeMap::new,
                toMap(
                    SweepPoint::algorithm,
                    point -> point.timing().orElseThrow().backToBackNs(),
                    Math::min,
                    LinkedHashMap::new)));
  }

  private static Set<String> fastest(Map<String, Double> times) {
    double least = times.values().stream().mapToDouble(ns -> ns).min().orElseThrow();
    Set<String> fastest = new LinkedHashSet<>(times.keySet());
    fastest.removeIf(algorithm -> times.get(algorithm) > SAME * least);
    return fastest;
  }

  private static String best(Set<String> candidates, SortedMap<Long, Map<String, Double>> times) {
    String best = null;
    double least = Double.POSITIVE_INFINITY;
    for (String algorithm : candidates) {
      double logs = times.values().stream().mapToDouble(at -> Math.log(at.get(algorithm))).sum();
      if (logs < least) {
        least = logs;
        best = algorithm;
      }
    }
    return best;
  }

  /** The name of the algorithm for a size. */
  public String algorithm(long bytes) {
    int last = steps.size() - 1;
    while (last > 0 && bytes < steps.get(last).fromBytes()) {
      last--;
    }
    return steps.get(last).algorithm();
  }

  /** The algorithm that chooses by these. */
  public Algorithm auto() {
    return switch (operation) {
      case ALL_REDUCE -> new AutoAllReduce(bySize(AllReduce.class));
      case REDUCE -> new AutoReduce(bySize(Reduce.class));
      case REDUCE_SCATTER -> new AutoReduceScatter(bySize(ReduceScatter.class));
      case ALL_GATHER -> new AutoAllGather(bySize(AllGather.class));
      case BROADCAST -> new AutoBroadcast(bySize(Broadcast.class));
      case ALL_TO_ALL, ALL_TO_ALL_V -> new AutoAllToAll(bySize(AllToAll.class));
      case BARRIER, SPLIT, SEND ->
          throw new IllegalStateException("nothing chooses by size: op=" + operation.parameter());
    };
  }

  private <A extends Algorithm> BySize<A> bySize(Class<A> contract) {
    return new BySize<>(
        steps.stream().map(Step::fromBytes).toList(),
        steps.stream()
            .map(step -> contract.cast(AlgorithmNames.of(operation, step.algorithm())))
            .toList());
  }

  /** For example {@code from 4 one_shot, from 65536 direct}. */
  public String sentence() {
    return steps.stream().map(Step::toString).collect(joining(", "));
  }
}
