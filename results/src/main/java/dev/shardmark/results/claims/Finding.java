package dev.shardmark.results.claims;

import java.util.List;

/**
 * A figure, or why there is none.
 *
 * @param figure null where there is none
 * @param evidence what it was read from
 * @param lacks what it needs, each in a few words; empty where it is there
 * @param fault the same in full
 */
public record Finding(Interval figure, List<Evidence> evidence, List<String> lacks, String fault) {
  public Finding {
    evidence = List.copyOf(evidence);
    lacks = List.copyOf(lacks);
  }

  static Finding found(Interval figure, List<Evidence> evidence) {
    return new Finding(figure, evidence, List.of(), null);
  }

  static Finding lacking(List<String> lacks, String fault) {
    return new Finding(null, List.of(), lacks, fault);
  }
}
