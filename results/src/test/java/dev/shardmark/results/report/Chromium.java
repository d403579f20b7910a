package dev.shardmark.results.report;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** A headless browser that opens a page, lets it run, and says what became of it. */
record Chromium(Path program) {
  private static final long DEADLINE_SECONDS = 60;

  /**
   * What the browser made of a page.
   *
   * @param dom the document after its scripts have run
   * @param console messages, refusals of the content policy among them
   */
  record Outcome(String dom, List<String> console) {}

  static Optional<Chromium> find() {
    return Stream.of(System.getenv("PATH").split(":"))
        .flatMap(
            folder ->
                Stream.of("chromium", "chromium-browser", "google-chrome")
                    .map(name -> Path.of(folder, name)))
        .filter(Files::isExecutable)
        .findFirst()
        .map(Chromium::new);
  }

  /** Opens a file in a profile of its own, both in the folder. */
  Outcome open(Path page, Path folder) throws IOException, InterruptedException {
    Path dom = folder.resolve("dom.txt");
    Path log = folder.resolve("log.txt");
    Process browser =
        new ProcessBuilder(
                program.toString(),
                "--headless",
                "--no-sandbox",
                "--disable-gpu",
                "--disable-quic",
                "--no-first-run",
                "--disable-background-networking",
                "--disable-component-update",
                "--disable-sync",
                "--user-data-dir=" + Files.createTempDirectory(folder, "profile"),
                "--virtual-time-budget=5000",
                "--enable-logging=stderr",
                "--dump-dom",
                page.toUri().toString())
            .redirectOutput(dom.toFile())
            .redirectError(log.toFile())
            .start();
    try {
      if (!browser.waitFor(DEADLINE_SECONDS, TimeUnit.SECONDS)) {
        throw new IOException("no answer in " + DEADLINE_SECONDS + " s: " + program);
      }
    } finally {
      browser.descendants().forEach(ProcessHandle::destroyForcibly);
      browser.destroyForcibly().waitFor();
    }
    return new Outcome(
        Files.readString(dom),
        Files.readAllLines(log).stream().filter(line -> line.contains("CONSOLE")).toList());
  }
}
