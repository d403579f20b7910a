package dev.shardmark.collectives.tuning;

import dev.shardmark.collectives.Algorithm;
import dev.shardmark.collectives.AlgorithmNames;
import dev.shardmark.collectives.Algorithms;
import dev.shardmark.collectives.RankGroup;
import dev.shardmark.collectives.Transport;
import dev.shardmark.collectives.sweep.Effort;
import dev.shardmark.collectives.sweep.Exercise;
import dev.shardmark.collectives.sweep.Sweep;
import dev.shardmark.collectives.sweep.SweepPoint;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** Finds thresholds: a short sweep of all algorithms that a transport carries. */
public final class Tuner {
  /** The first algorithm's first round has code that is not compiled; the lesser time counts. */
  private static final int ROUNDS = 2;

  /** Of the time a point of a sweep has, for a round. */
  private static final int SHARE = 5;

  private static final Duration DEADLINE = Duration.ofMinutes(2);

  private final Transport transport;
  private final boolean pins;
  private final Effort effort;

  /**
   * A tuner.
   *
   * @param pins whether ranks have a core each, if they can
   * @param effort of a sweep, of which this takes a part
   */
  public Tuner(Transport transport, boolean pins, Effort effort) {
    this.transport = transport;
    this.pins = pins;
    this.effort =
        new Effort(
            effort.warmupNs() / SHARE,
            Math.max(1, effort.measureNs() / SHARE),
            effort.fewest(),
            effort.most());
  }

  /**
   * The thresholds among these sizes.
   *
   * @throws IllegalArgumentException if no size gives every rank a block
   */
  public Thresholds thresholds(Exercise exercise, int ranks, List<Long> sizes) {
    List<SweepPoint> points = new ArrayList<>();
    for (int round = 0; round < ROUNDS; round++) {
      for (Algorithm algorithm : AlgorithmNames.of(exercise.operation(), transport)) {
        points.addAll(sweep(exercise, ranks, sizes, algorithm));
      }
    }
    return Thresholds.measured(points);
  }

  private List<SweepPoint> sweep(
      Exercise exercise, int ranks, List<Long> sizes, Algorithm algorithm) {
    Algorithms all = Algorithms.of(transport).with(algorithm);
    try (RankGroup group = RankGroup.open(ranks, DEADLINE, transport, all)) {
      if (pins) {
        group.pin();
      }
      Sweep sweep = new Sweep(group, exercise, effort);
      return sizes.stream()
          .filter(bytes -> exercise.count(bytes, ranks) > 0)
          .map(bytes -> sweep.at(bytes, !exercise.isInPlace()))
          .toList();
    }
  }
}
