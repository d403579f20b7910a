package dev.shardmark.results.targets;

import dev.shardmark.results.format.Fingerprint;
import dev.shardmark.results.format.Roof;
import dev.shardmark.results.format.Row;
import dev.shardmark.results.format.Run;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;

/** What targets ask of a run. */
final class RunRows {
  private final Run run;
  private final RowNames names;
  private final Map<String, Row> rows;

  RunRows(Run run, RowNames names) {
    this.run = run;
    this.names = names;
    this.rows = run.rows().stream().collect(Collectors.toMap(Row::name, Function.identity()));
  }

  List<Roof> roofs() {
    return run.roofs();
  }

  Fingerprint fingerprint() {
    return run.fingerprint();
  }

  /** The row of the run that a target means; empty also where there can be none. */
  Optional<Row> row(TargetRow row) {
    try {
      return Optional.ofNullable(rows.get(names.name(row)));
    } catch (IllegalArgumentException noSuchRow) {
      return Optional.empty();
    }
  }

  Reading reading(TargetRow row, Rate rate) {
    return row(row)
        .map(found -> Reading.of(found, rate))
        .orElseGet(() -> Reading.fault(names.whyAbsent(row)));
  }
}
