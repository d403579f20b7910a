package dev.shardmark.cli;

import dev.shardmark.collectives.Operation;
import dev.shardmark.collectives.tuning.Thresholds;
import dev.shardmark.jmh.environment.Environment;
import dev.shardmark.results.format.Fingerprint;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Thresholds kept from one sweep to the next, with the machine and the JVM they are of. */
final class ThresholdsFile {
  private static final String FORMAT = "shardmark-thresholds";
  private static final int VERSION = 1;

  private static final JsonMapper MAPPER =
      JsonMapper.builder().enable(SerializationFeature.INDENT_OUTPUT).build();

  private final Path path;
  private final SortedMap<String, String> machine;
  private final List<Thresholds> all = new ArrayList<>();

  /**
   * What is in a file; nothing if there is none yet.
   *
   * @throws IllegalArgumentException if it holds something else, or is of another machine or JVM
   */
  ThresholdsFile(Path path) throws IOException {
    this(path, machine(new Environment().fingerprint()));
  }

  ThresholdsFile(Path path, SortedMap<String, String> machine) throws IOException {
    this.path = path;
    this.machine = machine;
    if (Files.exists(path)) {
      read(Files.readString(path));
    }
  }

  private static SortedMap<String, String> machine(Fingerprint here) {
    SortedMap<String, String> facts = new TreeMap<>(here.machine());
    facts.putAll(here.jvm());
    return facts;
  }

  private void read(String text) {
    JsonNode document;
    try {
      document = MAPPER.readTree(text);
      if (!FORMAT.equals(document.path("format").asString(""))
          || document.path("version").asInt(0) != VERSION) {
        throw new IllegalArgumentException("it must be of format " + FORMAT + " " + VERSION);
      }
      List<String> changed = changed(document.required("machine"));
      if (!changed.isEmpty()) {
        throw new IllegalArgumentException(
            "they must be of this machine and JVM: changed=" + changed);
      }
      for (JsonNode node : document.required("thresholds").asArray()) {
        all.add(ThresholdsJson.read(node));
      }
    } catch (JacksonException e) {
      String reason = e.getOriginalMessage().lines().findFirst().orElse("");
      throw new IllegalArgumentException(
          "thresholds cannot be read: " + reason + " file=" + path, e);
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(
          "thresholds cannot be used: " + e.getMessage() + " file=" + path, e);
    }
  }

  private List<String> changed(JsonNode was) {
    List<String> changed = new ArrayList<>();
    for (Map.Entry<String, String> fact : machine.entrySet()) {
      if (!fact.getValue().equals(was.path(fact.getKey()).asString(""))) {
        changed.add(fact.getKey());
      }
    }
    return changed;
  }

  /** Those kept of one operation, transport and number of ranks. */
  Optional<Thresholds> find(Operation operation, String transport, int ranks) {
    return all.stream()
        .filter(one -> one.operation() == operation && one.ranks() == ranks)
        .filter(one -> one.transport().equals(transport))
        .findFirst();
  }

  /** Keeps more. */
  void add(Thresholds thresholds) throws IOException {
    all.add(thresholds);
    ObjectNode document = MAPPER.createObjectNode();
    document.put("format", FORMAT);
    document.put("version", VERSION);
    ObjectNode facts = document.putObject("machine");
    machine.forEach(facts::put);
    ArrayNode array = document.putArray("thresholds");
    all.forEach(one -> ThresholdsJson.write(array, one));
    String text = MAPPER.writeValueAsString(document) + System.lineSeparator();
    Files.write(path, text.getBytes(StandardCharsets.UTF_8));
  }
}
