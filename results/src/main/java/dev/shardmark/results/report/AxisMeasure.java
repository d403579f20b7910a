package dev.shardmark.results.report;

import java.util.List;
import java.util.OptionalDouble;
import java.util.stream.Stream;

/** What is drawn of a split layer against the degree. */
enum AxisMeasure {
  INTENSITY("Arithmetic intensity", "No row of this run has it.") {
    @Override
    OptionalDouble of(AxisRow row) {
      return Stream.ofNullable(row.row().figures().intensity()).mapToDouble(v -> v).findFirst();
    }

    @Override
    Axis axis(double low, double high) {
      return Measure.INTENSITY.axis(low, high);
    }

    @Override
    String text(double value) {
      return Numbers.of(value, "flop/byte");
    }
  },
  SENT("Bytes a rank sends", "No rank sends anything.") {
    @Override
    OptionalDouble of(AxisRow row) {
      return row.metric(Names.SENT_BYTES);
    }

    @Override
    Axis axis(double low, double high) {
      List<Long> ends = List.of(Math.max(1, (long) low), Math.max(1, (long) high));
      return Axis.sizes("bytes a step", ends, SIZES);
    }

    @Override
    String text(double value) {
      return Numbers.bytes(Math.round(value));
    }
  },
  TIME("Time of a shard", "No row of this run has it.") {
    @Override
    OptionalDouble of(AxisRow row) {
      return OptionalDouble.of(row.timeUs());
    }

    @Override
    Axis axis(double low, double high) {
      return Measure.TIME.axis(low, high);
    }

    @Override
    String text(double value) {
      return Numbers.time(value);
    }
  };

  private static final int SIZES = 5;

  final String title;

  /** What is said where there is nothing to draw. */
  final String nothing;

  AxisMeasure(String title, String nothing) {
    this.title = title;
    this.nothing = nothing;
  }

  /** The value; empty where the row has none. */
  abstract OptionalDouble of(AxisRow row);

  /** The logarithmic axis that holds the values. */
  abstract Axis axis(double low, double high);

  abstract String text(double value);

  /** Whether the row has a place on a logarithmic axis. */
  boolean draws(AxisRow row) {
    return of(row).orElse(0) > 0;
  }
}
