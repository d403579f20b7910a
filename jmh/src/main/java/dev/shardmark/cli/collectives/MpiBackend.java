package dev.shardmark.cli.collectives;

import dev.shardmark.collectives.Operation;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Sweeps of the MPI back-end in Java, on two ranks that {@code mpirun} starts. */
final class MpiBackend {
  private static final Duration LIMIT = Duration.ofMinutes(3);
  private static final int FACTOR = 4;
  private static final double NS_PER_US = 1e3;

  private final Path folder;
  private final double seconds;

  /** Sweeps that take so long a size and leave their files in a folder. */
  MpiBackend(Path folder, double seconds) {
    this.folder = folder;
    this.seconds = seconds;
  }

  /**
   * Times one collective over ascending sizes, each {@value #FACTOR} times the one before. A
   * smaller one goes first, while the compiler still works.
   *
   * @return by size
   * @throws PeerAbsentException saying why nothing was measured
   */
  Map<Long, Sample> sweep(Operation op, List<Long> sizes) throws PeerAbsentException, IOException {
    Path json = folder.resolve("backend.json");
    Files.deleteIfExists(json);
    long least = sizes.getFirst() / FACTOR;
    Program.run(folder.resolve("backend.log"), LIMIT, command(op, least, sizes.getLast(), json));
    if (!Files.exists(json)) {
      throw new PeerAbsentException("the sweep wrote no file");
    }
    return read(Files.readString(json), Sizes.isOnlyInPlace(op));
  }

  private List<String> command(Operation op, long least, long most, Path json) {
    Path launcher = Path.of(System.getProperty("shardmark.home", ".")).resolve("shardmark");
    return List.of(
        "mpirun",
        "-n",
        "2",
        launcher.toString(),
        "collectives",
        "--backend",
        "mpi",
        "--op",
        op.parameter(),
        "--min-bytes",
        Long.toString(least),
        "--max-bytes",
        Long.toString(most),
        "--factor",
        Integer.toString(FACTOR),
        "--seconds",
        Double.toString(seconds),
        "--json",
        json.toString());
  }

  /** The points of a sweep's file. */
  static Map<Long, Sample> read(String json, boolean inPlace) throws PeerAbsentException {
    Map<Long, Sample> samples = new TreeMap<>();
    try {
      for (JsonNode point : JsonMapper.shared().readTree(json).path("results")) {
        if (point.has("wrong")) {
          throw new PeerAbsentException("its result is wrong: " + point.get("wrong").asString());
        }
        JsonNode timed = point.path(inPlace ? "in_place" : "out_of_place");
        JsonNode calls = point.path(inPlace ? "in_place_per_iter" : "out_of_place_per_iter");
        samples.put(
            point.get("size").asLong(),
            new Sample(
                timed.path("time").asDouble() * NS_PER_US,
                calls.path("p50").asDouble() * NS_PER_US,
                calls.path("p99").asDouble() * NS_PER_US,
                calls.path("max").asDouble() * NS_PER_US));
      }
    } catch (JacksonException e) {
      throw new PeerAbsentException("the sweep wrote no JSON: " + e.getOriginalMessage(), e);
    }
    return samples;
  }
}
