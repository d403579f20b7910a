package dev.shardmark.cli.claims;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.shardmark.jmh.plan.Plan;
import dev.shardmark.jmh.plan.TargetPlan;
import dev.shardmark.results.claims.Case;
import dev.shardmark.results.claims.Cases;
import dev.shardmark.results.claims.Decision;
import dev.shardmark.results.claims.Fact;
import dev.shardmark.results.claims.Ledger;
import dev.shardmark.results.claims.Outcome;
import dev.shardmark.results.claims.Sources;
import dev.shardmark.results.targets.TargetRow;
import java.util.List;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class ConfigurationFactsTest {
  /** Sources that are measured; every other one must be a fact. */
  private static final String MEASURED = "(Shard|Sweep)\\..+|[A-Za-z]+Benchmark\\.[a-zA-Z]+";

  private static final List<Fact> FACTS = ConfigurationFacts.all();

  @Test
  void noTwoFactsHaveOneName() {
    assertThat(FACTS.stream().map(Fact::name)).doesNotHaveDuplicates();
  }

  @Test
  void everyRuleThatNeedsNoRowsIsDecided() {
    Set<String> known = FACTS.stream().map(Fact::source).collect(Collectors.toSet());
    for (Decision decision : new Ledger(Sources.of(List.of(), FACTS)).decisions()) {
      for (Outcome outcome : decision.outcomes()) {
        Case one = outcome.test();
        String rows = one.figure().rows();
        if (rows.matches(MEASURED)) {
          assertThat(((Cases) decision.claim().rule()).command())
              .as("what measures " + rows + " of " + decision.claim().id())
              .startsWith("./shardmark ");
        } else {
          assertThat(known).contains(rows);
          assertThat(outcome.state())
              .as(decision.claim().id() + ": " + one.when())
              .isNotEqualTo(Outcome.State.UNDECIDED);
        }
      }
    }
  }

  @Test
  void rulesNameRowsThatTheirBenchmarksHave() {
    TargetPlan names = new TargetPlan();
    Ledger.chapters().stream()
        .flatMap(chapter -> chapter.claims().stream())
        .filter(claim -> claim.rule() instanceof Cases)
        .flatMap(claim -> ((Cases) claim.rule()).cases().stream())
        .map(Case::figure)
        .filter(figure -> figure.rows().contains("Benchmark."))
        .forEach(
            figure -> {
              SortedMap<String, String> first = new TreeMap<>();
              figure.where().forEach((name, values) -> first.put(name, values.getFirst()));
              TargetRow row = new TargetRow(figure.rows(), first);
              assertThat(names.problem(row).orElse(Plan.ABSENT_HERE))
                  .as(row.toString())
                  .isEqualTo(Plan.ABSENT_HERE);
            });
  }

  /** Numbers that others published, or that are worked out by hand. */
  @ParameterizedTest
  @CsvSource({
    "Cluster.peakShare model=llama-3.1-8b phase=training, 38.1",
    "Model.kvTokensOfWeights model=llama-3.1-8b, 122532",
    "Model.lmHeadShare model=llama-3.1-8b, 7.0",
    "Model.overActive model=mixtral-8x7b, 3.63",
    "Prefill.attentionShare model=llama-3.1-8b tokens=8192, 13.3",
    "Kv.gigabytes bits=16 model=llama-3.1-70b tensor=8, 2.68",
    "Tensor.allReduces degree=8 model=llama-3.1-405b, 2",
    "Tensor.sentBytes degree=8 model=llama-3.1-8b, 1835008",
    "Expert.tailImbalance topK=1, 2.13",
    "Expert.tailImbalance topK=8, 1.34",
    "Pipeline.bubble batches=8 pieces=1 stages=8, 87.5",
    "Pipeline.gain batches=8 pieces=4 stages=8, 53.8",
    "Activation.overWeights model=llama-3.1-8b tokens=4096, 1.31",
    "Speculation.speedup accepted=0.8 cost=0.05 proposed=4, 2.80"
  })
  void figuresAreThoseOfPublications(String name, double value) {
    Fact fact = FACTS.stream().filter(f -> f.name().equals(name)).findFirst().orElseThrow();
    assertThat(fact.value()).isCloseTo(value, within(0.006 * value));
  }
}
