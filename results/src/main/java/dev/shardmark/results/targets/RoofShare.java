package dev.shardmark.results.targets;

import dev.shardmark.results.format.Workload;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.List;
import java.util.Objects;
import java.util.OptionalDouble;

/**
 * A ceiling of the same run: the figure is this row's share of it.
 *
 * @param roof {@code fma}, {@code read}, {@code copy} or {@code triad}
 * @param level the memory level the row must stream from; null for its own
 */
public record RoofShare(String roof, String level) implements Yardstick {
  private static final String FMA = "fma";
  private static final List<String> LOOPS = List.of(FMA, "read", "copy", "triad");
  private static final List<String> LEVELS = List.of("L1", "L2", "L3", "DRAM");

  public RoofShare {
    Objects.requireNonNull(roof, "roof");
    if (!LOOPS.contains(roof)) {
      throw new IllegalArgumentException("roof must be one of " + LOOPS + ": roof=" + roof);
    }
    if (level != null && !LEVELS.contains(level)) {
      throw new IllegalArgumentException("level must be one of " + LEVELS + ": level=" + level);
    }
    if (roof.equals(FMA) && level != null) {
      throw new IllegalArgumentException("the fma roof must have no level: level=" + level);
    }
  }

  @Override
  public Rate rate() {
    return roof.equals(FMA) ? Rate.FLOP : Rate.BYTES;
  }

  @Override
  public Judgement judge(TargetRow row, double perSecond, double atLeast, RunRows rows) {
    Workload work = rows.row(row).orElseThrow().work();
    if (level != null && !level.equals(work.level())) {
      return Judgement.notMeasured(
          row, "its operands come from " + work.level() + " here, not from " + level);
    }
    OptionalDouble ceiling =
        rows.roofs().stream()
            .filter(r -> r.loop().equals(roof) && r.cores() == work.cores())
            .filter(r -> roof.equals(FMA) || work.level().equals(r.level()))
            .mapToDouble(r -> r.value() * 1e9)
            .max();
    if (ceiling.isEmpty()) {
      String of = roof.equals(FMA) ? "" : " of " + work.level();
      return Judgement.notMeasured(row, "the run has no " + roof + " roof" + of);
    }
    double value = ceiling.getAsDouble();
    String detail = rate().text(perSecond) + ", roof " + rate().text(value);
    return Judgement.of(row, perSecond / value, atLeast, detail);
  }

  @Override
  public String text(double figure) {
    return BigDecimal.valueOf(figure)
            .movePointRight(2)
            .setScale(1, RoundingMode.DOWN)
            .toPlainString()
        + " %";
  }

  @Override
  public String name() {
    return "of " + (level == null ? "" : level + " ") + roof;
  }
}
