package dev.shardmark.results.claims;

import java.util.List;

/**
 * A figure, or why there is none.
 *
 * @param figure null where there is none
 * @param evidence what it was read from
 * @param lacks what it needs, in a few words; null where it is there
 * @param fault the same in full
 */
public record Finding(Interval figure, List<Evidence> evidence, String lacks, String fault) {
  public Finding {
    evidence = List.copyOf(evidence);
  }

  static Finding found(Interval figure, List<Evidence> evidence) {
    return new Finding(figure, evidence, null, null);
  }

  static Finding lacking(String lacks, String fault) {
    return new Finding(null, List.of(), lacks, fault);
  }
}
