package dev.shardmark.cli;

import dev.shardmark.collectives.Transport;
import dev.shardmark.collectives.sweep.Exercise;
import dev.shardmark.collectives.sweep.SweepPoint;
import dev.shardmark.collectives.tuning.Thresholds;
import dev.shardmark.collectives.tuning.Tuner;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** Where the thresholds of auto come from: a file, the points swept before, or a short sweep. */
final class AutoChoice {
  private final ThresholdsFile file;
  private final Tuner tuner;
  private final List<Long> sizes;

  /** Without a file if {@code path} is null. */
  AutoChoice(Path path, Tuner tuner, List<Long> sizes) throws IOException {
    file = path == null ? null : new ThresholdsFile(path);
    this.tuner = tuner;
    this.sizes = sizes;
  }

  /** Thresholds and a word on where they come from. */
  record Chosen(Thresholds thresholds, String source) {}

  /** The thresholds for a group; a file keeps those it did not have. */
  Chosen choose(Exercise exercise, int ranks, Transport transport, List<SweepPoint> before)
      throws IOException {
    if (file == null) {
      return measured(exercise, ranks, before);
    }
    Optional<Thresholds> kept = file.find(exercise.operation(), transport.parameter(), ranks);
    if (kept.isPresent()) {
      return new Chosen(kept.get(), "of the file");
    }
    Chosen found = measured(exercise, ranks, before);
    file.add(found.thresholds());
    return found;
  }

  private Chosen measured(Exercise exercise, int ranks, List<SweepPoint> before) {
    boolean hasPoints = before.stream().anyMatch(point -> point.timing().isPresent());
    return hasPoints
        ? new Chosen(Thresholds.measured(before), "of the rows above")
        : new Chosen(tuner.thresholds(exercise, ranks, sizes), "of a short sweep");
  }
}
