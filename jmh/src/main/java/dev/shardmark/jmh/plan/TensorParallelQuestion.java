package dev.shardmark.jmh.plan;

import dev.shardmark.collectives.allreduce.AllReduce;
import dev.shardmark.jmh.AllReduceChoice;
import dev.shardmark.jmh.CoreCount;
import dev.shardmark.jmh.TensorParallelLinear;
import dev.shardmark.jmh.environment.Peers;
import dev.shardmark.kernels.Caches;
import dev.shardmark.kernels.Variant;
import dev.shardmark.kernels.Work;
import dev.shardmark.model.Linear;
import dev.shardmark.model.ModelConfig;
import dev.shardmark.model.Models;
import dev.shardmark.results.format.Label;
import dev.shardmark.results.format.Workload;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;

/** What tensor parallelism does to a model's linears: to one rank's shard, or to all ranks. */
final class TensorParallelQuestion implements Question {
  private static final List<String> TOKENS = List.of("1", "16", "64", "512");
  private static final List<String> FEW_TOKENS = List.of("1", "16", "128");
  private static final List<String> PAIR = List.of("1", "64");

  private final boolean allRanks;

  TensorParallelQuestion(boolean allRanks) {
    this.allRanks = allRanks;
  }

  @Override
  public String benchmark() {
    return allRanks ? "TensorParallelBenchmark.ranks" : "TensorParallelBenchmark.shard";
  }

  @Override
  public List<String> parameterNames() {
    List<String> names =
        new ArrayList<>(List.of("model", "linear", "tp", "tokens", "weights", "variant"));
    if (allRanks) {
      names.add("allreduce");
    }
    return names;
  }

  @Override
  public List<Map<String, List<String>>> grids(Preset preset) {
    return switch (preset) {
      case SMOKE -> List.of(grid("llama-3.1-8b", List.of("o", "down"), List.of("1", "16")));
      case QUICK ->
          allRanks
              ? List.of(grid("llama-3.1-8b", List.of("o", "down"), List.of("1", "128")))
              : List.of(
                  at(
                      List.of("1", "2", "8"),
                      grid("llama-3.1-8b", List.of("o", "gate_up", "down"), FEW_TOKENS)),
                  at(List.of("2", "8"), grid("llama-3.1-70b", List.of("down"), PAIR)),
                  at(List.of("2", "8"), grid("mixtral-8x7b", List.of("expert_gate_up"), PAIR)));
      case GATE -> List.of(grid("llama-3.1-8b", List.of("o", "down"), TOKENS));
      case FULL -> Models.all().stream().map(m -> grid(m.id(), linears(m), TOKENS)).toList();
    };
  }

  private static Map<String, List<String>> at(
      List<String> degrees, Map<String, List<String>> grid) {
    grid.put("tp", degrees);
    return grid;
  }

  private Map<String, List<String>> grid(String model, List<String> linears, List<String> tokens) {
    Map<String, List<String>> grid = new HashMap<>();
    grid.put("model", List.of(model));
    grid.put("linear", linears);
    grid.put("tp", allRanks ? degreesUpToCores() : List.of("1", "2", "4", "8"));
    grid.put("tokens", tokens);
    grid.put("weights", List.of("cold"));
    grid.put("variant", List.of("vector"));
    if (allRanks) {
      grid.put("allreduce", List.of("direct"));
    }
    return grid;
  }

  /** A model that was asked for by name has linears of its own. */
  @Override
  public List<String> dependent(String name, Map<String, String> chosen) {
    return name.equals("linear") ? linears(Models.of(chosen.get("model"))) : List.of();
  }

  private static List<String> linears(ModelConfig model) {
    return model.linears().keySet().stream()
        .filter(linear -> linear.split() != Linear.Split.REPLICATED)
        .map(Linear::parameter)
        .toList();
  }

  private static List<String> degreesUpToCores() {
    List<String> degrees = new ArrayList<>();
    for (int tp = 1; tp <= Math.min(8, CoreCount.here()); tp *= 2) {
      degrees.add(Integer.toString(tp));
    }
    return degrees;
  }

  @Override
  public Optional<PlannedRow> row(SortedMap<String, String> parameters) {
    int tp = Question.count("tp", parameters.get("tp"));
    TensorParallelLinear split =
        TensorParallelLinear.of(
            parameters.get("model"),
            parameters.get("linear"),
            tp,
            Question.count("tokens", parameters.get("tokens")),
            parameters.get("weights"),
            parameters.get("variant"));
    Work work = split.shape().work();
    String level = split.cold() ? Caches.DRAM : Caches.here().levelOf(work.bytes());
    if (!Peers.isHere(Variant.of(parameters.get("variant")))) {
      return Optional.empty();
    }
    if (!allRanks) {
      return Optional.of(
          new PlannedRow(
              benchmark(),
              parameters,
              Label.ISOLATED,
              new Workload(work.flop(), work.bytes(), level, 1, 0),
              split.bytes()));
    }
    if (tp > CoreCount.here()) {
      return Optional.empty();
    }
    AllReduce allReduce = AllReduceChoice.of(parameters.get("allreduce"));
    long sent = allReduce.traffic(tp, split.allReduceElements()).sentBytes().get(0);
    return Optional.of(
        new PlannedRow(
            benchmark(),
            parameters,
            Label.MEASURED,
            new Workload(tp * work.flop(), tp * work.bytes(), level, tp, sent),
            tp * split.bytes() + 8L * tp * split.allReduceElements()));
  }
}
