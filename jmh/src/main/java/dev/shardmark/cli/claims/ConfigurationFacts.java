package dev.shardmark.cli.claims;

import dev.shardmark.results.claims.Fact;
import java.util.List;

/** All numbers that follow without measuring anything. */
public final class ConfigurationFacts {
  private static final List<Fact> ALL = make();

  private ConfigurationFacts() {}

  public static List<Fact> all() {
    return ALL;
  }

  private static List<Fact> make() {
    FactList facts = new FactList();
    ModelFacts.add(facts);
    StepFacts.add(facts);
    CacheFacts.add(facts);
    RankFacts.add(facts);
    TrafficFacts.add(facts);
    RoutingFacts.add(facts);
    PipelineFacts.add(facts);
    TrainingFacts.add(facts);
    DecodingFacts.add(facts);
    return facts.list();
  }
}
