package dev.shardmark.cli.claims;

import dev.shardmark.model.ModelConfig;
import dev.shardmark.model.Models;
import java.util.List;

/**
 * Memory of training with Adam in mixed precision, by formulas of publications.
 *
 * <p>A weight takes 2 bytes, its gradient 2, its master copy and two moments 12 (S. Rajbhandari et
 * al., ZeRO, 2020, section 3.1). What a layer keeps for its backward pass, in units of tokens times
 * hidden, is 34 bytes, of which tensor parallelism divides 24 and sequence parallelism all, and
 * recomputation leaves 2 (V. Korthikanti et al., Reducing activation recomputation, 2022, section
 * 4); scores are taken to be recomputed.
 */
final class TrainingFacts {
  private static final int WEIGHT_BYTES = 2;
  private static final int STATE_BYTES = 16;
  private static final int KEPT_BYTES = 34;
  private static final int KEPT_UNSPLIT_BYTES = 10;
  private static final int INPUT_BYTES = 2;
  private static final double FORWARD_FLOP = 2;
  private static final double BACKWARD_FLOP = 4;
  private static final int[] DEGREES = {1, 2, 4, 8};

  private TrainingFacts() {}

  static void add(FactList facts) {
    for (String id : List.of("llama-3.1-8b", "llama-3.1-70b")) {
      model(facts, Models.of(id));
    }
    facts.add("Training.stateBytes", STATE_BYTES, "B", "of", "all");
    facts.add("Training.stateBytes", STATE_BYTES - WEIGHT_BYTES, "B", "of", "beside the weights");
    for (int degree : DEGREES) {
      double split = (double) KEPT_BYTES / degree;
      double tensor = KEPT_UNSPLIT_BYTES + (double) (KEPT_BYTES - KEPT_UNSPLIT_BYTES) / degree;
      facts.add("Activation.bytes", tensor, "B", "by", "tensor", "degree", degree);
      facts.add("Activation.bytes", split, "B", "by", "sequence", "degree", degree);
      facts.add("Activation.bytes", split, "B", "by", "context", "degree", degree);
      facts.add("Activation.bytes", INPUT_BYTES, "B", "by", "recompute", "degree", degree);
    }
    double step = FORWARD_FLOP + BACKWARD_FLOP;
    facts.add("Recompute.flop", (step + FORWARD_FLOP) / step, "x");
    for (int ranks : new int[] {8, 64, 128}) {
      double gb = STATE_BYTES * 100.0 / ranks;
      facts.add("Training.rankGB", gb, "GB", "weights", "100B", "ranks", ranks);
    }
  }

  private static void model(FactList facts, ModelConfig model) {
    double layer = (double) WEIGHT_BYTES * model.layerWeights(0);
    for (int tokens : new int[] {1024, 4096, 16384}) {
      double kept = (double) KEPT_BYTES * tokens * model.hidden();
      Object[] at = {"model", model.id(), "tokens", tokens};
      facts.add("Activation.overWeights", kept / layer, "x", at);
      facts.add(
          "Activation.overInput",
          kept / ((double) WEIGHT_BYTES * tokens * model.hidden()),
          "x",
          at);
      facts.add("Activation.layerBytes", kept, "B", at);
    }
    for (int ranks : DEGREES) {
      double state = (double) STATE_BYTES * model.parameters();
      double gathered = 2 * layer; // the layer in use, and the one that is fetched
      Object[] at = {"model", model.id(), "ranks", ranks};
      facts.add("ZeRO.share", 100 * (state / ranks + gathered) / state, "%", at);
    }
  }
}
