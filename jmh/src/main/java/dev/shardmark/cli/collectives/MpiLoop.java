package dev.shardmark.cli.collectives;

import dev.shardmark.collectives.sweep.Effort;
import dev.shardmark.results.format.StrictJson;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import tools.jackson.databind.JsonNode;

/**
 * The loop of a sweep in C over MPI, {@code mpi_loop.c}: built here, running on two ranks, and
 * asleep while it is asked nothing.
 */
final class MpiLoop implements AutoCloseable {
  private static final String SOURCE = "mpi_loop.c";
  private static final Duration LIMIT = Duration.ofMinutes(2);

  private final Process process;
  private final Path errors;
  private final Writer requests;
  private final BlockingQueue<String> answers = new LinkedBlockingQueue<>();

  private MpiLoop(Process process, Path errors) {
    this.process = process;
    this.errors = errors;
    requests = process.outputWriter(StandardCharsets.UTF_8);
    BufferedReader lines = process.inputReader(StandardCharsets.UTF_8);
    Thread.ofPlatform().daemon().start(() -> lines.lines().forEach(answers::add));
  }

  /**
   * Builds it in a folder and starts it.
   *
   * @throws PeerAbsentException saying what is missing
   */
  static MpiLoop start(Path folder, Effort effort) throws PeerAbsentException, IOException {
    Path source = folder.resolve(SOURCE);
    try (InputStream code = MpiLoop.class.getResourceAsStream(SOURCE)) {
      Files.copy(code, source);
    }
    String program = folder.resolve("mpi_loop").toString();
    Path errors = folder.resolve("errors");
    Program.run(errors, LIMIT, List.of("mpicc", "-O3", "-o", program, source.toString()));
    MpiLoop loop =
        new MpiLoop(
            Program.start(
                errors,
                List.of(
                    "mpirun",
                    "-n",
                    "2",
                    program,
                    Long.toString(effort.warmupNs()),
                    Long.toString(effort.measureNs()),
                    Integer.toString(effort.fewest()),
                    Integer.toString(effort.most()))),
            errors);
    try {
      loop.time("barrier", 0, true); // does it run?
    } catch (PeerAbsentException e) {
      loop.close();
      throw e;
    }
    return loop;
  }

  /**
   * Times a collective of so many bytes.
   *
   * @throws PeerAbsentException if it does not answer, or its result is wrong
   */
  Sample time(String op, long bytes, boolean inPlace) throws PeerAbsentException, IOException {
    String answer = ask(op + " " + bytes + " " + (inPlace ? "in_place" : "out_of_place"));
    JsonNode figures = StrictJson.MAPPER.readTree(answer);
    if (figures.get("wrong").asLong() != 0) {
      throw new PeerAbsentException(
          "its result is wrong: op=" + op + " bytes=" + bytes + " wrong=" + figures.get("wrong"));
    }
    return new Sample(
        figures.get("time_ns").asDouble(),
        figures.get("p50_ns").asDouble(),
        figures.get("p99_ns").asDouble(),
        figures.get("max_ns").asDouble());
  }

  private String ask(String request) throws PeerAbsentException, IOException {
    try {
      requests.write(request + "\n");
      requests.flush();
    } catch (IOException e) {
      throw ended();
    }
    long startNs = System.nanoTime();
    try {
      while (System.nanoTime() - startNs < LIMIT.toNanos()) {
        String answer = answers.poll(100, TimeUnit.MILLISECONDS);
        if (answer != null) {
          return answer;
        }
        if (!process.isAlive() && answers.isEmpty()) {
          throw ended();
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    throw new PeerAbsentException("mpirun does not answer: request=" + request);
  }

  private PeerAbsentException ended() throws IOException {
    Program.ends(process, Duration.ofSeconds(5));
    return new PeerAbsentException("mpirun ended: " + Program.sentence(errors));
  }

  /** Ends it: no line comes any more. */
  @Override
  public void close() throws IOException {
    try (requests) {
      requests.flush();
    } catch (IOException e) {
      process.destroy(); // it is gone, or does not listen
    }
    Program.ends(process, Duration.ofSeconds(10));
  }
}
