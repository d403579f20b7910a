package dev.shardmark.parallel.sweep;

import java.util.Locale;

/** Of which kind the tokens of a step are. */
public enum Phase {
  /** Whole prompts, which attend to themselves. */
  PREFILL,
  /** One token of each sequence, which attends to what is cached. */
  DECODE;

  /** The name on the command line and in rows, in lower case. */
  public String parameter() {
    return name().toLowerCase(Locale.ROOT);
  }

  /**
   * The phase of this name.
   *
   * @throws IllegalArgumentException naming the accepted values, if there is none
   */
  public static Phase of(String parameter) {
    for (Phase phase : values()) {
      if (phase.parameter().equals(parameter)) {
        return phase;
      }
    }
    throw new IllegalArgumentException(
        "phase must be one of [prefill, decode]: phase=" + parameter);
  }
}
