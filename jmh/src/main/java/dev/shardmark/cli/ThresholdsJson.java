package dev.shardmark.cli;

import dev.shardmark.collectives.sweep.Exercises;
import dev.shardmark.collectives.tuning.Thresholds;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Thresholds as JSON and back, in the field names of {@link SweepJson}. */
final class ThresholdsJson {
  private ThresholdsJson() {}

  static void write(ArrayNode to, Thresholds thresholds) {
    ObjectNode node = to.addObject();
    node.put("op", thresholds.operation().parameter());
    node.put("ranks", thresholds.ranks());
    node.put("backend", thresholds.transport());
    ArrayNode steps = node.putArray("steps");
    thresholds
        .steps()
        .forEach(
            step ->
                steps.addObject().put("from", step.fromBytes()).put("algorithm", step.algorithm()));
  }

  /**
   * The thresholds of a node.
   *
   * @throws IllegalArgumentException if they are none, or name an algorithm that is not there
   * @throws tools.jackson.core.JacksonException if a field is missing or of another type
   */
  static Thresholds read(JsonNode node) {
    List<Thresholds.Step> steps = new ArrayList<>();
    for (JsonNode step : node.required("steps").asArray()) {
      steps.add(
          new Thresholds.Step(
              step.required("from").longValue(), step.required("algorithm").stringValue()));
    }
    Thresholds thresholds =
        new Thresholds(
            Exercises.operation(node.required("op").stringValue()),
            node.required("backend").stringValue(),
            node.required("ranks").intValue(),
            steps);
    thresholds.auto(); // names every algorithm
    return thresholds;
  }
}
