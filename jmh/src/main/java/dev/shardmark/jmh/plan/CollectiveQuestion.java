package dev.shardmark.jmh.plan;

import dev.shardmark.collectives.AlgorithmNames;
import dev.shardmark.collectives.Algorithms;
import dev.shardmark.collectives.Operation;
import dev.shardmark.collectives.ReduceOp;
import dev.shardmark.collectives.Transport;
import dev.shardmark.collectives.sweep.Exercise;
import dev.shardmark.collectives.sweep.Exercises;
import dev.shardmark.jmh.CoreCount;
import dev.shardmark.kernels.Caches;
import dev.shardmark.results.format.Label;
import dev.shardmark.results.format.Workload;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;

/** What a collective other than all-reduce costs, by algorithm and size. */
final class CollectiveQuestion implements Question {
  private final Operation operation;
  private final String benchmark;
  private final List<String> algorithms;

  /**
   * A question.
   *
   * @param benchmark its class and method
   * @param algorithms that presets compare
   */
  CollectiveQuestion(Operation operation, String benchmark, List<String> algorithms) {
    this.operation = operation;
    this.benchmark = benchmark;
    this.algorithms = algorithms;
  }

  @Override
  public String benchmark() {
    return benchmark;
  }

  @Override
  public List<String> parameterNames() {
    return List.of("ranks", "bytes", "algorithm");
  }

  @Override
  public List<Map<String, List<String>>> grids(Preset preset) {
    return switch (preset) {
      case SMOKE, QUICK -> List.of(); // all-reduce stands for them
      case GATE -> List.of(grid(List.of("65536", "16777216"), algorithms.subList(0, 1)));
      case FULL ->
          List.of(
              grid(
                  List.of("1024", "16384", "65536", "1048576", "4194304", "67108864"), algorithms));
    };
  }

  private static Map<String, List<String>> grid(List<String> bytes, List<String> algorithms) {
    return Map.of("ranks", List.of("2"), "bytes", bytes, "algorithm", algorithms);
  }

  @Override
  public Optional<PlannedRow> row(SortedMap<String, String> parameters) {
    int ranks = Question.count("ranks", parameters.get("ranks"));
    int bytes = Question.count("bytes", parameters.get("bytes"));
    Exercise exercise = Exercises.of(operation, ReduceOp.SUM, 0);
    if (ranks < 2 || bytes < 1 || exercise.count(bytes, ranks) < 1) {
      throw new IllegalArgumentException(
          "a collective needs two ranks and 16 bytes for each: ranks=" + ranks + " bytes=" + bytes);
    }
    Algorithms all =
        Algorithms.of(Transport.SHARED)
            .with(AlgorithmNames.of(operation, parameters.get("algorithm")));
    long sent = exercise.traffic(all, ranks, exercise.count(bytes, ranks)).sentBytes().get(0);
    if (ranks > CoreCount.here()) {
      return Optional.empty();
    }
    // Stores go to lines just loaded, which no roof loop does: a share of a roof would mislead.
    Workload work = new Workload(0, 0, Caches.here().levelOf((long) ranks * bytes), ranks, sent);
    return Optional.of(
        new PlannedRow(benchmark, parameters, Label.MEASURED, work, 6L * ranks * bytes));
  }
}
