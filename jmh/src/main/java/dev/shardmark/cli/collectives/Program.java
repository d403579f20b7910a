package dev.shardmark.cli.collectives;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;

/** Programs of the system. */
final class Program {
  /** The first line that says something: neither a comment nor a frame around it. */
  private static final Pattern WORDS =
      Pattern.compile("^[^#\\n]*?[A-Za-z]{3}.*$", Pattern.MULTILINE);

  private Program() {}

  /** Starts a program that writes its errors into a file. */
  static Process start(Path errors, List<String> command) throws PeerAbsentException {
    return start(new ProcessBuilder(command).redirectError(errors.toFile()));
  }

  /** Runs a program to its end; what it writes goes into the file {@code log}. */
  static void run(Path log, Duration limit, List<String> command)
      throws PeerAbsentException, IOException {
    Process process =
        start(new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(log.toFile()));
    if (!ends(process, limit)) {
      throw new PeerAbsentException(
          command.get(0) + " did not end within " + limit.toSeconds() + " s");
    }
    if (process.exitValue() != 0) {
      throw new PeerAbsentException(
          command.get(0) + " ended with " + process.exitValue() + ": " + sentence(log));
    }
  }

  /** Waits for a program, and ends it if it takes too long. */
  static boolean ends(Process process, Duration limit) {
    try {
      if (process.waitFor(limit.toNanos(), TimeUnit.NANOSECONDS)) {
        return true;
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    process.destroy(); // ends the ranks of mpirun, too
    return false;
  }

  /** What a program complained about first. */
  static String sentence(Path errors) throws IOException {
    return WORDS
        .matcher(Files.readString(errors))
        .results()
        .map(line -> line.group().strip())
        .findFirst()
        .orElse("it did not say why");
  }

  private static Process start(ProcessBuilder builder) throws PeerAbsentException {
    try {
      return builder.start();
    } catch (IOException e) {
      throw new PeerAbsentException("there is no " + builder.command().get(0) + " here", e);
    }
  }
}
