package dev.shardmark.cli;

import dev.shardmark.collectives.sweep.SweepPoint;
import dev.shardmark.collectives.sweep.Timing;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.HdrHistogram.EncodableHistogram;
import org.HdrHistogram.HistogramLogWriter;

/** The files a sweep was asked to write; after each point they hold all points so far. */
final class SweepFiles implements AutoCloseable {
  private final Path jsonFile;
  private final HistogramLogWriter log;
  private final List<SweepPoint> points = new ArrayList<>();

  /** Either may be null. */
  SweepFiles(Path jsonFile, Path histogramFile) throws IOException {
    this.jsonFile = jsonFile;
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
    if (jsonFile != null) {
      try {
        Files.write(jsonFile, SweepJson.write(points).getBytes(StandardCharsets.UTF_8));
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
