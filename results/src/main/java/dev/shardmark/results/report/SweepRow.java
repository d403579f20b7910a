package dev.shardmark.results.report;

import dev.shardmark.results.format.Row;
import java.util.OptionalDouble;

/** One size of a sweep by one algorithm. */
record SweepRow(Row row, long bytes) {
  static boolean is(Row row) {
    return row.ok()
        && row.benchmark().startsWith(Names.SWEEP)
        && row.parameters().getOrDefault(Names.BYTES, "").matches("[1-9]\\d{0,17}")
        && row.parameters().keySet().containsAll(SweepView.KEYS)
        && Rows.forks(row, Names.BUS_BANDWIDTH).isPresent();
  }

  static SweepRow of(Row row) {
    return new SweepRow(row, Long.parseLong(row.parameters().get(Names.BYTES)));
  }

  String algorithm() {
    return row.parameters().get(Names.ALGORITHM);
  }

  double timeUs() {
    return row.figures().timeUs();
  }

  double busGBs() {
    return metric(Names.BUS_BANDWIDTH).orElseThrow();
  }

  /** The value of a metric that is above 0. */
  OptionalDouble metric(String name) {
    return Rows.forks(row, name).stream()
        .mapToDouble(forks -> forks.median())
        .filter(value -> value > 0)
        .findFirst();
  }
}
