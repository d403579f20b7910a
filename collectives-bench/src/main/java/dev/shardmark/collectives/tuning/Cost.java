package dev.shardmark.collectives.tuning;

import java.util.Locale;

/** What the time of a collective is made of, in the letters of Hockney's model. */
public enum Cost {
  /** Of a step. */
  ALPHA("step"),
  /** Of a byte that the busiest rank sends. */
  BETA("byte sent"),
  /** Of a byte that the busiest rank combines. */
  GAMMA("byte combined");

  private final String unit;

  Cost(String unit) {
    this.unit = unit;
  }

  /** What it is the price of. */
  public String unit() {
    return unit;
  }

  /** The name in files and in print. */
  public String parameter() {
    return name().toLowerCase(Locale.ROOT);
  }
}
