package dev.shardmark.results.targets;

/** What a run says about a target. */
public enum Verdict {
  MET("met"),
  MISSED("missed"),
  NOT_MEASURED("not measured");

  private final String words;

  Verdict(String words) {
    this.words = words;
  }

  @Override
  public String toString() {
    return words;
  }
}
