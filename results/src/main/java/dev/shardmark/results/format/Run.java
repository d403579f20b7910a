package dev.shardmark.results.format;

import java.time.Instant;
import java.util.List;
import java.util.Objects;

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
 * @param rows in the order they finished
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
    roofs = List.copyOf(roofs);
    rows = List.copyOf(rows);
  }
}
