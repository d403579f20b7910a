package dev.shardmark.results.claims;

import dev.shardmark.results.format.Label;
import java.util.Objects;

/**
 * One statement, how it is tested, and what decides it.
 *
 * @param id {@code C01} to {@code C104}
 * @param claim the statement in this project's words
 * @param quote a few words of the post that make it, at most {@link #MAX_QUOTE_WORDS}
 * @param experiment one sentence
 * @param expectation what theory or publications lead one to expect; never a verdict
 * @param label what the figures are, once there are any
 * @param rule what turns them into a verdict
 * @throws IllegalArgumentException if the id or the quote is not of this form
 */
public record Claim(
    String id,
    String claim,
    String quote,
    String experiment,
    String expectation,
    Label label,
    Rule rule) {
  /** A quote is no longer. */
  public static final int MAX_QUOTE_WORDS = 10;

  public Claim {
    Objects.requireNonNull(id, "id");
    Objects.requireNonNull(claim, "claim");
    Objects.requireNonNull(quote, "quote");
    Objects.requireNonNull(experiment, "experiment");
    Objects.requireNonNull(expectation, "expectation");
    Objects.requireNonNull(label, "label");
    Objects.requireNonNull(rule, "rule");
    if (!id.matches("C[0-9]{2,3}")) {
      throw new IllegalArgumentException("id must be C and its number: id=" + id);
    }
    if (quote.split(" ").length > MAX_QUOTE_WORDS) {
      throw new IllegalArgumentException(
          "quote must have at most " + MAX_QUOTE_WORDS + " words: quote=" + quote);
    }
  }
}
