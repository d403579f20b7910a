package dev.shardmark.cli.collectives;

import dev.shardmark.results.format.StrictJson;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import tools.jackson.core.JacksonException;

/**
 * All that was measured for the targets of collectives.
 *
 * @param format {@link #FORMAT}
 * @param roofGBs what two cores copy together, a round each, in turn with {@link Side#DIRECT}
 * @param signalNs what two cores need to see each other's flag, a round each, in turn with the
 *     barrier
 * @param absent why a side could not be measured
 */
public record Figures(
    String format,
    List<Figure> figures,
    List<Double> roofGBs,
    List<Double> signalNs,
    SortedMap<Side, String> absent) {
  /** The mark of the file. */
  public static final String FORMAT = "shardmark-collective-targets";

  public Figures {
    if (!FORMAT.equals(format)) {
      throw new IllegalArgumentException("format must be " + FORMAT + ": format=" + format);
    }
    figures = List.copyOf(figures);
    roofGBs = List.copyOf(roofGBs);
    signalNs = List.copyOf(signalNs);
    absent = Collections.unmodifiableSortedMap(new TreeMap<>(absent));
  }

  Optional<Figure> find(Side side, String op, long bytes, boolean inPlace) {
    return figures.stream()
        .filter(
            figure ->
                figure.side() == side
                    && figure.op().equals(op)
                    && figure.bytes() == bytes
                    && figure.inPlace() == inPlace)
        .findFirst();
  }

  /** Writes them, so that they can be judged again. */
  public void write(Path file) throws IOException {
    Files.writeString(file, StrictJson.MAPPER.writeValueAsString(this) + "\n");
  }

  /**
   * Reads what {@link #write} wrote.
   *
   * @throws IllegalArgumentException if it is something else
   */
  public static Figures read(Path file) throws IOException {
    try {
      return StrictJson.MAPPER.readValue(Files.readString(file), Figures.class);
    } catch (JacksonException e) {
      throw new IllegalArgumentException(
          "the file must be what --out wrote: " + e.getOriginalMessage() + ": run=" + file, e);
    }
  }
}
