package dev.shardmark.results.claims;

/** What is known about a claim. */
public enum Verdict {
  /** In every case. */
  HOLDS("holds"),
  /** In some of the cases, which are its condition. */
  HOLDS_IF("holds if"),
  /** In no case; of a claim worded without exception, not in all. */
  DOES_NOT_HOLD("does not hold"),
  /** No kernel and no formula says anything about it. */
  NOT_MEASURABLE("not measurable here"),
  /** Rows are missing, or do not agree. */
  UNDECIDED("undecided");

  private final String words;

  Verdict(String words) {
    this.words = words;
  }

  @Override
  public String toString() {
    return words;
  }
}
