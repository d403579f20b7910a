package dev.shardmark.results.claims;

import dev.shardmark.results.format.Label;
import java.util.SortedMap;

/** What a figure can be read from. */
public sealed interface Evidence permits Fact, Measured {
  /** What it is a row of: a benchmark, or a formula. */
  String source();

  SortedMap<String, String> parameters();

  Label label();

  /** Source and parameters, for example {@code Model.layers model=llama-3.1-8b}. */
  String name();

  /**
   * One of its values.
   *
   * @param value its name, null for the main one
   * @throws IllegalArgumentException one sentence, if there is none that a verdict could rest on
   */
  Interval value(String value);
}
