package dev.shardmark.results.targets;

import java.util.List;

/** What a run says about a target. */
public enum Verdict {
  MET("met"),
  MISSED("missed"),
  NOT_MEASURED("not measured");

  private final String words;

  Verdict(String words) {
    this.words = words;
  }

  /** Missed with one row that is missed; met with every row. */
  static Verdict ofAll(List<Verdict> rows) {
    if (rows.contains(MISSED)) {
      return MISSED;
    }
    return rows.contains(NOT_MEASURED) ? NOT_MEASURED : MET;
  }

  @Override
  public String toString() {
    return words;
  }
}
