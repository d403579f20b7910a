package dev.shardmark.results.report;

import dev.shardmark.results.format.Figures;
import java.util.function.Function;

/** What is drawn of a shard over the degree. */
enum Measure {
  INTENSITY("Arithmetic intensity", "flop/byte", Figures::intensity) {
    @Override
    Axis axis(double low, double high) {
      return Axis.log(unit, low / ROOM, high * ROOM, Numbers::tick);
    }
  },
  ROOF("Share of the roof", "% of roof", Figures::roofPercent) {
    @Override
    Axis axis(double low, double high) {
      return Axis.linear(unit, Math.max(100, high), Numbers::tick);
    }
  },
  TIME("Time of a shard", "time", Figures::timeUs) {
    @Override
    Axis axis(double low, double high) {
      return Axis.log(
          unit, low / ROOM, high * ROOM, us -> Numbers.time(us).replaceAll("\\.0+(?=\\D)", ""));
    }
  };

  /** Keeps points off the ends of a logarithmic axis. */
  private static final double ROOM = 1.15;

  final String title;
  final String unit;
  private final Function<Figures, Double> value;

  Measure(String title, String unit, Function<Figures, Double> value) {
    this.title = title;
    this.unit = unit;
    this.value = value;
  }

  /** The axis that holds the values. */
  abstract Axis axis(double low, double high);

  /** Whether the row has it. */
  boolean of(Shard shard) {
    Double value = this.value.apply(shard.row().figures());
    return value != null && value > 0 && Double.isFinite(value);
  }

  double value(Shard shard) {
    return value.apply(shard.row().figures());
  }

  /** The value the slowest fork alone would have given. */
  double slowest(Shard shard) {
    return atTime(shard, shard.row().figures().worstForkUs());
  }

  /** The value the fastest fork alone would have given. */
  double fastest(Shard shard) {
    return atTime(shard, shard.row().figures().bestForkUs());
  }

  String text(double value) {
    return switch (this) {
      case INTENSITY -> Numbers.of(value);
      case ROOF -> Numbers.percent(value);
      case TIME -> Numbers.time(value);
    };
  }

  private double atTime(Shard shard, double us) {
    return switch (this) {
      case INTENSITY -> value(shard);
      case ROOF -> value(shard) * shard.timeUs() / us;
      case TIME -> us;
    };
  }
}
