package dev.shardmark.cli.collectives;

import dev.shardmark.collectives.Algorithm;
import dev.shardmark.collectives.AlgorithmNames;
import dev.shardmark.collectives.CollectiveException;
import dev.shardmark.collectives.Operation;
import dev.shardmark.collectives.RankGroup;
import dev.shardmark.collectives.ReduceOp;
import dev.shardmark.collectives.sweep.Effort;
import dev.shardmark.collectives.sweep.Exercise;
import dev.shardmark.collectives.sweep.Exercises;
import dev.shardmark.collectives.sweep.Sweep;
import dev.shardmark.collectives.sweep.SweepPoint;
import dev.shardmark.collectives.sweep.Timing;
import java.time.Duration;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * Which algorithm is the fastest here, in place and out of place together.
 *
 * <p>All of them take turns, and are compared within each turn: how far apart two cores are may
 * change from one second to the next, and a lucky second must not decide.
 */
final class Candidates {
  private static final int TURNS = 5;

  /** From here on a turn takes seconds, and memory more of them than the way between cores. */
  private static final long LONG_BYTES = 4 << 20;

  private final Effort effort;
  private final Duration deadline;

  /** Found out with this effort an algorithm and a turn. */
  Candidates(Effort effort, Duration deadline) {
    this.effort = effort;
    this.deadline = deadline;
  }

  /** The fastest for so many bytes on two ranks, of those whose result is right. */
  Algorithm fastest(Operation op, long bytes) {
    List<Algorithm> all = AlgorithmNames.of(op);
    int turns = bytes < LONG_BYTES ? TURNS : 2;
    double[][] timesBest = new double[all.size()][turns];
    for (int turn = 0; turn < turns; turn++) {
      double[] ns = new double[all.size()];
      for (int i = 0; i < ns.length; i++) {
        ns[i] = ns(Exercises.of(op, ReduceOp.SUM, 0), all.get(i), bytes);
      }
      double best = Arrays.stream(ns).min().orElseThrow();
      for (int i = 0; i < ns.length; i++) {
        timesBest[i][turn] = ns[i] / best; // NaN, the last in order, if none is right
      }
    }
    return all.get(
        IntStream.range(0, all.size())
            .boxed()
            .min(Comparator.comparingDouble(i -> median(timesBest[i])))
            .orElseThrow());
  }

  private static double median(double[] values) {
    Arrays.sort(values);
    return values[values.length / 2];
  }

  private double ns(Exercise exercise, Algorithm candidate, long bytes) {
    try (RankGroup group = RankGroup.open(2, deadline, candidate)) {
      group.pin();
      SweepPoint point = new Sweep(group, exercise, effort).at(bytes, true);
      return point.wrong().isPresent()
          ? Double.POSITIVE_INFINITY
          : Stream.of(point.inPlace(), point.outOfPlace())
              .flatMap(Optional::stream)
              .mapToDouble(Timing::backToBackNs)
              .sum();
    } catch (CollectiveException e) {
      return Double.POSITIVE_INFINITY; // it is measured all the same if no other is better
    }
  }
}
