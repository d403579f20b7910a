package dev.shardmark.results.claims;

import java.util.List;

/**
 * A figure, or why there is none.
 *
 * @param figure null where there is none
 * @param evidence what it was read from
 * @param fault why there is none: one sentence without its subject, or the rows that are missing
 */
public record Finding(Interval figure, List<Evidence> evidence, String fault) {
  public Finding {
    evidence = List.copyOf(evidence);
  }

  static Finding none(String fault) {
    return new Finding(null, List.of(), fault);
  }
}
