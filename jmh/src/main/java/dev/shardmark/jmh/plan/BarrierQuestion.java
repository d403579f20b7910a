package dev.shardmark.jmh.plan;

import dev.shardmark.collectives.AlgorithmNames;
import dev.shardmark.collectives.Operation;
import dev.shardmark.jmh.CoreCount;
import dev.shardmark.results.format.Label;
import dev.shardmark.results.format.Workload;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;

/** What a barrier costs, by algorithm. */
final class BarrierQuestion implements Question {
  @Override
  public String benchmark() {
    return "BarrierBenchmark.barrier";
  }

  @Override
  public List<String> parameterNames() {
    return List.of("ranks", "algorithm");
  }

  @Override
  public List<Map<String, List<String>>> grids(Preset preset) {
    List<String> two = List.of("2");
    return switch (preset) {
      case SMOKE, QUICK -> List.of();
      case GATE -> List.of(Map.of("ranks", two, "algorithm", List.of("central")));
      case FULL -> List.of(Map.of("ranks", two, "algorithm", List.of("central", "dissemination")));
    };
  }

  @Override
  public Optional<PlannedRow> row(SortedMap<String, String> parameters) {
    int ranks = Question.count("ranks", parameters.get("ranks"));
    if (ranks < 2) {
      throw new IllegalArgumentException("a barrier needs two ranks: ranks=" + ranks);
    }
    AlgorithmNames.of(Operation.BARRIER, parameters.get("algorithm"));
    if (ranks > CoreCount.here()) {
      return Optional.empty();
    }
    Workload work = new Workload(0, 0, "L1", ranks, 0);
    return Optional.of(new PlannedRow(benchmark(), parameters, Label.MEASURED, work, 0));
  }
}
