package dev.shardmark.jmh.plan;

import dev.shardmark.jmh.AllReduceChoice;
import dev.shardmark.jmh.CoreCount;
import dev.shardmark.kernels.Caches;
import dev.shardmark.results.format.Label;
import dev.shardmark.results.format.Workload;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;

/** What an all-reduce costs, by algorithm and size. */
final class AllReduceQuestion implements Question {
  @Override
  public String benchmark() {
    return "AllReduceBenchmark.reduce";
  }

  @Override
  public List<String> parameterNames() {
    return List.of("ranks", "bytes", "allreduce");
  }

  @Override
  public List<Map<String, List<String>>> grids(Preset preset) {
    List<String> bytes =
        switch (preset) {
          case SMOKE -> List.of("4", "1048576");
          case QUICK, GATE -> List.of("4", "65536", "1048576", "16777216");
          case FULL ->
              List.of(
                  "4",
                  "64",
                  "1024",
                  "4096",
                  "16384",
                  "65536",
                  "262144",
                  "1048576",
                  "4194304",
                  "16777216",
                  "67108864");
        };
    return List.of(
        Map.of("ranks", List.of("2"), "bytes", bytes, "allreduce", List.of("direct", "ring")));
  }

  @Override
  public Optional<PlannedRow> row(SortedMap<String, String> parameters) {
    int ranks = Question.count("ranks", parameters.get("ranks"));
    int bytes = Question.count("bytes", parameters.get("bytes"));
    if (ranks < 1 || bytes < Float.BYTES || bytes % Float.BYTES != 0) {
      throw new IllegalArgumentException(
          "an all-reduce needs a rank and a positive multiple of 4 bytes: ranks="
              + ranks
              + " bytes="
              + bytes);
    }
    int elements = bytes / Float.BYTES;
    long sent =
        AllReduceChoice.of(parameters.get("allreduce")).traffic(ranks, elements).sentBytes().get(0);
    if (ranks > CoreCount.here()) {
      return Optional.empty();
    }
    // Stores go to lines just loaded, which no roof loop does: a share of a roof would mislead.
    Workload work = new Workload(0, 0, Caches.here().levelOf((long) ranks * bytes), ranks, sent);
    return Optional.of(
        new PlannedRow(benchmark(), parameters, Label.MEASURED, work, 3L * ranks * bytes));
  }
}
