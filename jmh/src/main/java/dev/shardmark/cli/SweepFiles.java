package dev.shardmark.cli;

import dev.shardmark.collectives.sweep.SweepPoint;
import dev.shardmark.collectives.sweep.Timing;
import dev.shardmark.collectives.tuning.CostFit;
import dev.shardmark.collectives.tuning.Thresholds;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.HdrHistogram.EncodableHistogram;
import org.HdrHistogram.HistogramLogWriter;

/**
 * The files a sweep was asked to write; after each point they hold all points so far, the run those
 * of all algorithms that are done.
 */
final class SweepFiles implements AutoCloseable {
  private final Path jsonFile;
  private final HistogramLogWriter log;
  private final SweepRun run;
  private final List<SweepPoint> points = new ArrayList<>();
  private final List<Thresholds> thresholds = new ArrayList<>();

  /** Any may be null. */
  SweepFiles(Path jsonFile, Path histogramFile, SweepRun run) throws IOException {
    this.jsonFile = jsonFile;
    this.run = run;
    log = histogramFile == null ? null : new HistogramLogWriter(histogramFile.toFile());
    if (log != null) {
      log.outputComment(
          "nanoseconds; a tag is operation, algorithm, ranks, transport, bytes, place");
      log.outputLogFormatVersion();
      log.outputLegend();
    }
  }

  void add(SweepPoint point) {
    points.add(point);
    point.outOfPlace().ifPresent(timing -> log(point, timing, "out_of_place"));
    point.inPlace().ifPresent(timing -> log(point, timing, "in_place"));
    writeJson();
  }

  /** The points of one algorithm, which were added one by one, and their fit. */
  void add(List<SweepPoint> swept, Optional<CostFit> fit) {
    if (run != null) {
      run.add(swept, fit);
    }
  }

  void add(Thresholds found) {
    thresholds.add(found);
    writeJson();
    if (run != null) {
      run.add(found);
    }
  }

  /** Says that nothing is missing. */
  void finish() throws IOException {
    if (run != null) {
      run.finish();
    }
  }

  private void writeJson() {
    if (jsonFile != null) {
      try {
        Files.write(jsonFile, SweepJson.write(points, thresholds).getBytes(StandardCharsets.UTF_8));
      } catch (IOException e) {
        throw new UncheckedIOException("the file cannot be written: json=" + jsonFile, e);
      }
    }
  }

  private void log(SweepPoint point, Timing timing, String place) {
    if (log == null) {
      return;
    }
    EncodableHistogram histogram = timing.isolated().copy();
    String tag =
        String.join(
            "/",
            point.operation(),
            point.algorithm(),
            Integer.toString(point.ranks()),
            point.transport().replaceAll("[,\\s]", "_"),
            Long.toString(point.bytes()),
            place);
    histogram.setTag(tag);
    log.outputIntervalHistogram(histogram);
  }

  @Override
  public void close() {
    if (log != null) {
      log.close();
    }
  }
}
