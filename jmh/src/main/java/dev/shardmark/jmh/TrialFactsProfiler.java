package dev.shardmark.jmh;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import org.openjdk.jmh.infra.BenchmarkParams;
import org.openjdk.jmh.infra.IterationParams;
import org.openjdk.jmh.profile.InternalProfiler;
import org.openjdk.jmh.results.AggregationPolicy;
import org.openjdk.jmh.results.IterationResult;
import org.openjdk.jmh.results.Result;
import org.openjdk.jmh.results.ScalarResult;

/** Sends {@link TrialFacts} to the host as secondary results of each iteration. */
public final class TrialFactsProfiler implements InternalProfiler {
  @Override
  public String getDescription() {
    return "Checks and phases that the benchmark reports itself";
  }

  @Override
  public void beforeIteration(BenchmarkParams benchmark, IterationParams iteration) {
    TrialFacts.now(); // phases start anew
  }

  @Override
  public Collection<? extends Result<?>> afterIteration(
      BenchmarkParams benchmark, IterationParams iteration, IterationResult result) {
    List<ScalarResult> results = new ArrayList<>();
    TrialFacts.now()
        .forEach(
            (name, value) ->
                results.add(new ScalarResult(name, value, unit(name), AggregationPolicy.AVG)));
    return results;
  }

  private static String unit(String name) {
    if (name.startsWith(TrialFacts.FLOP)) {
      return "flop/op";
    }
    return name.startsWith(TrialFacts.PHASE) ? "us/op" : "error/bound";
  }
}
