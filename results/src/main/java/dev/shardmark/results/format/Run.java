package dev.shardmark.results.format;

import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * One file of results: what was asked, on what, and every row measured so far.
 *
 * @param format always {@link #FORMAT}
 * @param schemaVersion {@code major.minor}; readers accept their own major
 * @param id file name without extension: start, commit and host
 * @param startedAt when the first row began
 * @param finishedAt when the last planned row ended; null while rows are missing
 * @param request what was asked for
 * @param fingerprint machine, JVM and code
 * @param roofs ceilings measured in this run, empty until they are
 * @param rows in the order they finished, no two with one name
 * @throws IllegalArgumentException if two rows have one name
 */
public record Run(
    String format,
    String schemaVersion,
    String id,
    Instant startedAt,
    Instant finishedAt,
    Request request,
    Fingerprint fingerprint,
    List<Roof> roofs,
    List<Row> rows) {
  /** What the file says it is. */
  public static final String FORMAT = "shardmark-run";

  /** Version written by this code. */
  public static final String SCHEMA_VERSION = "1.0";

  public Run {
    Objects.requireNonNull(format, "format");
    Objects.requireNonNull(schemaVersion, "schemaVersion");
    Objects.requireNonNull(id, "id");
    Objects.requireNonNull(startedAt, "startedAt");
    Objects.requireNonNull(request, "request");
    Objects.requireNonNull(fingerprint, "fingerprint");
    Objects.requireNonNull(roofs, "roofs");
    Objects.requireNonNull(rows, "rows");
    roofs = List.copyOf(roofs);
    rows = List.copyOf(rows);
    Set<String> names = new HashSet<>();
    for (Row row : rows) {
      if (!names.add(row.name())) {
        throw new IllegalArgumentException("the run already has this row: row=" + row.name());
      }
    }
  }

  /** A run of which nothing is measured yet. */
  public static Run started(
      String id, Instant startedAt, Request request, Fingerprint fingerprint) {
    return new Run(
        FORMAT, SCHEMA_VERSION, id, startedAt, null, request, fingerprint, List.of(), List.of());
  }

  /** This run and one more row. */
  public Run plus(Row row) {
    List<Row> more = new ArrayList<>(rows);
    more.add(row);
    return with(finishedAt, roofs, more);
  }

  /** This run with these ceilings. */
  public Run withRoofs(List<Roof> roofs) {
    return with(finishedAt, roofs, rows);
  }

  /** This run, ended at {@code finishedAt}; null if rows are to follow. */
  public Run finished(Instant finishedAt) {
    return with(finishedAt, roofs, rows);
  }

  /** This run with more facts that explain it, beside those it has. */
  public Run explained(Map<String, String> facts) {
    SortedMap<String, String> context = new TreeMap<>(fingerprint.context());
    context.putAll(facts);
    Fingerprint more =
        new Fingerprint(fingerprint.machine(), fingerprint.jvm(), fingerprint.build(), context);
    return new Run(format, schemaVersion, id, startedAt, finishedAt, request, more, roofs, rows);
  }

  private Run with(Instant finishedAt, List<Roof> roofs, List<Row> rows) {
    return new Run(
        format, schemaVersion, id, startedAt, finishedAt, request, fingerprint, roofs, rows);
  }
}
