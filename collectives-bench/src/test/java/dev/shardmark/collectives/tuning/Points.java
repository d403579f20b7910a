package dev.shardmark.collectives.tuning;

import dev.shardmark.collectives.Algorithm;
import dev.shardmark.collectives.AlgorithmNames;
import dev.shardmark.collectives.Algorithms;
import dev.shardmark.collectives.Operation;
import dev.shardmark.collectives.ReduceOp;
import dev.shardmark.collectives.Traffic;
import dev.shardmark.collectives.Transport;
import dev.shardmark.collectives.sweep.Exercise;
import dev.shardmark.collectives.sweep.Exercises;
import dev.shardmark.collectives.sweep.SweepPoint;
import dev.shardmark.collectives.sweep.Timing;
import java.util.Collections;
import java.util.Optional;
import org.HdrHistogram.Histogram;

/** Points of a sweep that nobody swept. */
final class Points {
  private Points() {}

  /** With the traffic of the formula. */
  static SweepPoint of(Operation operation, String algorithm, int ranks, long bytes, double ns) {
    return of(
        operation, algorithm, ranks, bytes, Optional.of(new Timing(ns, new Histogram(3))), null);
  }

  static SweepPoint of(
      Operation operation,
      String algorithm,
      int ranks,
      long bytes,
      Optional<Timing> timing,
      String wrong) {
    Exercise exercise = Exercises.of(operation, ReduceOp.SUM, 0);
    int count = exercise.count(bytes, ranks);
    return new SweepPoint(
        operation.parameter(),
        algorithm,
        Transport.SHARED.parameter(),
        ranks,
        (long) Float.BYTES * count,
        count,
        exercise.reduction(),
        exercise.root(),
        traffic(exercise, algorithm, ranks, count),
        Optional.ofNullable(wrong),
        Optional.empty(),
        timing);
  }

  private static Traffic traffic(Exercise exercise, String name, int ranks, int count) {
    Algorithm algorithm =
        AlgorithmNames.of(exercise.operation()).stream()
            .filter(one -> one.parameter().equals(name))
            .findFirst()
            .orElse(AlgorithmNames.of(exercise.operation()).getFirst());
    return exercise.traffic(Algorithms.of(Transport.SHARED).with(algorithm), ranks, count);
  }

  /** What the model says of a point, whatever its time. */
  static double modelNs(SweepPoint point, double alpha, double beta, double gamma) {
    long combined =
        AlgorithmNames.of(Exercises.operation(point.operation()), point.algorithm())
            .combined(point.ranks(), point.count());
    return alpha * point.traffic().steps()
        + beta * Collections.max(point.traffic().sentBytes())
        + gamma * Float.BYTES * combined;
  }
}
