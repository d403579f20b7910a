package dev.shardmark.cli.claims;

/**
 * Speculative decoding: a draft model proposes d tokens, each of which is accepted with probability
 * r, and one pass of the model checks them. A draft costs c passes.
 *
 * <pre>{@code speed-up = (1 - r^(d + 1)) / (1 - r) / (d c + 1)}</pre>
 *
 * <p><b>Source</b> Y. Leviathan et al., Fast inference from transformers via speculative decoding,
 * 2023, theorem 3.8.
 */
final class DecodingFacts {
  private static final int[] PROPOSED = {1, 2, 4, 8};

  private DecodingFacts() {}

  static void add(FactList facts) {
    for (int proposed : PROPOSED) {
      add(facts, 0.8, 0.05, proposed);
      add(facts, 0.3, 0.3, proposed);
    }
  }

  private static void add(FactList facts, double accepted, double cost, int proposed) {
    double tokens = (1 - Math.pow(accepted, proposed + 1)) / (1 - accepted);
    facts.add(
        "Speculation.speedup",
        tokens / (proposed * cost + 1),
        "x",
        "accepted",
        accepted,
        "cost",
        cost,
        "proposed",
        proposed);
  }
}
