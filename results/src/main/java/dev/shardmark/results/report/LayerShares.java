package dev.shardmark.results.report;

import dev.shardmark.results.format.Row;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** The operations of one layer and their shares, the longest first. */
record LayerShares(Row row, List<Operation> operations) {
  /** One operation: the part it belongs to, its name, and what it took. */
  record Operation(String part, String name, double us, double flop) {}

  static LayerShares of(Row row) {
    List<Operation> operations = new ArrayList<>();
    for (String metric : row.metrics().keySet()) {
      if (metric.startsWith(Names.FLOP)) {
        String phase = metric.substring(Names.FLOP.length());
        int dot = phase.indexOf('.');
        double us = median(row, phase);
        if (dot > 0 && us > 0) {
          double flop = median(row, metric);
          operations.add(
              new Operation(phase.substring(0, dot), phase.substring(dot + 1), us, flop));
        }
      }
    }
    operations.sort(Comparator.comparingDouble(Operation::us).reversed());
    return new LayerShares(row, List.copyOf(operations));
  }

  private static double median(Row row, String metric) {
    return Rows.forks(row, metric).map(forks -> forks.median()).orElse(0.0);
  }

  /** Percent of the time of all operations together. */
  double timePercent(double us) {
    return 100 * us / operations.stream().mapToDouble(Operation::us).sum();
  }

  /** Percent of the flop of all operations together. */
  double flopPercent(double flop) {
    return 100 * flop / Math.max(1, operations.stream().mapToDouble(Operation::flop).sum());
  }

  /** For example {@code Matrix products are 97 % of the time and 99 % of the flop}. */
  String sentence() {
    List<Operation> products =
        operations.stream().filter(o -> o.part().equals(Names.PRODUCT)).toList();
    double us = products.stream().mapToDouble(Operation::us).sum();
    double flop = products.stream().mapToDouble(Operation::flop).sum();
    return "Matrix products by weights are "
        + Numbers.percent(timePercent(us))
        + " of the time and "
        + Numbers.percent(flopPercent(flop))
        + " of the flop.";
  }
}
