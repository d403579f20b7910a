package dev.shardmark.cli.collectives;

import java.math.BigDecimal;
import java.math.RoundingMode;

/**
 * What a figure is to reach.
 *
 * @param limit at least, or at most
 * @param isAtLeast whether more is better
 * @param of what the figure is a part or a multiple of; may be empty
 */
record Goal(double limit, boolean isAtLeast, Unit unit, String of) {
  /** How a figure is written. */
  enum Unit {
    TIMES(1, 2, "x"),
    PERCENT(100, 1, " %"),
    NS(1, 1, " ns");

    private final double scale;
    private final int decimals;
    private final String words;

    Unit(double scale, int decimals, String words) {
      this.scale = scale;
      this.decimals = decimals;
      this.words = words;
    }
  }

  static Goal atLeast(double limit, Unit unit, String of) {
    return new Goal(limit, true, unit, of);
  }

  static Goal atMost(double limit, Unit unit, String of) {
    return new Goal(limit, false, unit, of);
  }

  boolean isMet(double figure) {
    return isAtLeast ? figure >= limit : figure <= limit;
  }

  /** 1 where the goal is just reached, less the further it is missed. */
  double margin(double figure) {
    return isAtLeast ? figure / limit : limit / figure;
  }

  /** As people read it, rounded to the worse side. */
  String text(double figure) {
    return BigDecimal.valueOf(figure * unit.scale)
            .setScale(unit.decimals, isAtLeast ? RoundingMode.FLOOR : RoundingMode.CEILING)
            .toPlainString()
        + unit.words;
  }

  @Override
  public String toString() {
    return ((isAtLeast ? ">= " : "<= ") + text(limit) + (of.isEmpty() ? "" : " " + of));
  }
}
