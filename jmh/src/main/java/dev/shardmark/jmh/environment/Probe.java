package dev.shardmark.jmh.environment;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.stream.Stream;

/** Reads facts from the files of an operating system; what cannot be read says why. */
final class Probe {
  private final Path root;

  /** Under this folder, {@code /} outside tests. */
  Probe(Path root) {
    this.root = root;
  }

  /** The stripped text of a file, or {@code unavailable: ...}. */
  String text(String file) {
    try {
      return Files.readString(root.resolve(file)).strip();
    } catch (IOException e) {
      return "unavailable: no /" + file;
    }
  }

  /** The value after {@code key :} in a file of such lines, or {@code unavailable: ...}. */
  String field(String file, String key) {
    try (Stream<String> lines = Files.lines(root.resolve(file))) {
      Optional<String> line = lines.filter(l -> l.startsWith(key) && l.contains(":")).findFirst();
      return line.map(l -> l.substring(l.indexOf(':') + 1).strip())
          .orElse("unavailable: no " + key + " in /" + file);
    } catch (IOException e) {
      return "unavailable: no /" + file;
    }
  }
}
