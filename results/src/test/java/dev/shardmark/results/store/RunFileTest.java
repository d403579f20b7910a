package dev.shardmark.results.store;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import dev.shardmark.results.format.ExampleRun;
import dev.shardmark.results.format.Row;
import dev.shardmark.results.format.Run;
import dev.shardmark.results.format.RunJson;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Arrays;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RunFileTest {
  @TempDir private Path folder;

  @Test
  void isACompleteDocumentAfterEveryStep() {
    Run full = ExampleRun.full();
    Path path = folder.resolve("runs/host/run.json");

    RunFile file = RunFile.create(path, ExampleRun.header());
    assertThat(RunFile.read(path)).isEqualTo(ExampleRun.header());
    file.roofs(full.roofs());
    assertThat(RunFile.read(path).roofs()).isEqualTo(full.roofs());
    for (Row row : full.rows()) {
      file.add(row);
      assertThat(RunFile.read(path)).isEqualTo(file.run());
      assertThat(file.run().rows()).endsWith(row);
    }
    file.finish(full.finishedAt());

    assertThat(RunFile.read(path)).isEqualTo(full);
    assertThat(path.getParent()).isDirectoryContaining(path::equals);
    assertThat(path.getParent().toFile().list()).hasSize(1);
  }

  @Test
  void goesOnWhereAnotherProcessStopped() throws IOException {
    Path path = folder.resolve("run.json");
    RunFile.create(path, ExampleRun.header()).add(ExampleRun.row(0));
    Path link = Files.createSymbolicLink(folder.resolve("latest.json"), path);

    RunFile.resume(link).add(ExampleRun.row(1));

    assertThat(RunFile.read(path).rows()).containsExactly(ExampleRun.row(0), ExampleRun.row(1));
    assertThat(link).isSymbolicLink();
  }

  @Test
  void ignoresAndRemovesWhatACrashLeft() throws IOException {
    Path path = folder.resolve("run.json");
    RunFile.create(path, ExampleRun.header());
    Path left = Files.writeString(folder.resolve("run.json.tmp"), "{ \"format\" : \"sha");

    assertThat(RunFile.read(path)).isEqualTo(ExampleRun.header());
    assertThat(left).exists();
    RunFile.resume(path);
    assertThat(left).doesNotExist();
  }

  @Test
  void refusesToOverwrite() throws IOException {
    Path path = Files.writeString(folder.resolve("run.json"), "precious");

    assertThatExceptionOfType(UnwritableRunException.class)
        .isThrownBy(() -> RunFile.create(path, ExampleRun.header()))
        .withMessage("the file exists and is not overwritten, path=" + path);
    assertThat(path).hasContent("precious");
  }

  @Test
  void refusesARowTwiceAndAnythingAfterTheEnd() {
    Path path = folder.resolve("run.json");
    RunFile file = RunFile.create(path, ExampleRun.header());
    file.roofs(ExampleRun.full().roofs());
    file.add(ExampleRun.row(0));

    assertThatIllegalArgumentException()
        .isThrownBy(() -> file.add(ExampleRun.row(0)))
        .withMessage("the run already has this row: row=CopyBenchmark.copy i=0");
    assertThatIllegalStateException()
        .isThrownBy(() -> file.roofs(ExampleRun.full().roofs()))
        .withMessage("the run already has its roofs: path=" + path);
    file.finish(ExampleRun.full().finishedAt());
    assertThatIllegalStateException()
        .isThrownBy(() -> RunFile.resume(path).add(ExampleRun.row(1)))
        .withMessage("the run is finished: path=" + path);
    assertThat(RunFile.read(path).rows()).containsExactly(ExampleRun.row(0));
  }

  @Test
  void refusesToOverwriteTheRowsOfAnotherProcess() {
    Path path = folder.resolve("run.json");
    RunFile first = RunFile.create(path, ExampleRun.header());
    RunFile.resume(path).add(ExampleRun.row(0));

    assertThatExceptionOfType(UnwritableRunException.class)
        .isThrownBy(() -> first.add(ExampleRun.row(1)))
        .withMessage("another process changed the run, path=" + path);
    assertThat(RunFile.read(path).rows()).containsExactly(ExampleRun.row(0));
  }

  @Test
  void saysWhyItCannotWriteAndKeepsWhatWasThere() throws IOException {
    Path path = folder.resolve("run.json");
    RunFile file = RunFile.create(path, ExampleRun.header());
    Files.createDirectories(folder.resolve("run.json.tmp/occupied"));

    assertThatExceptionOfType(UnwritableRunException.class)
        .isThrownBy(() -> file.add(ExampleRun.row(0)))
        .withMessage("the run could not be written: something else is in its place, path=" + path);
    assertThat(file.run()).isEqualTo(ExampleRun.header());
    assertThat(RunFile.read(path)).isEqualTo(ExampleRun.header());

    Files.delete(folder.resolve("run.json.tmp/occupied"));
    file.add(ExampleRun.row(0));
    assertThat(RunFile.read(path).rows()).containsExactly(ExampleRun.row(0));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "``|the document is empty",
        "\u007fELF\u0002|the document is not complete JSON: line=1 column=1",
        "{\"results\": []}|the document is not a run: it lacks \"format\": \"shardmark-run\"",
        "{\"format\": \"shardmark-run\", \"schemaVersion\": \"2.0\"}"
            + "|the run has version 2.0, this program reads 1.x"
      })
  void saysWhatIsWrongWithAFileAndLeavesItAlone(String content, String problem) throws IOException {
    Path path = Files.writeString(folder.resolve("run.json"), content);

    assertUnreadable(path, problem);
    assertThatExceptionOfType(UnreadableRunException.class)
        .isThrownBy(() -> RunFile.resume(path))
        .withMessage(problem + ", path=" + path);
    assertThat(path).hasContent(content);
  }

  @Test
  void refusesWhatIsNoFile() {
    assertUnreadable(folder.resolve("missing.json"), "there is no such file");
    assertUnreadable(folder, "this is not a file");
  }

  @Test
  void refusesAFileCutShort() throws IOException {
    byte[] document = RunJson.write(ExampleRun.full());
    Path path = folder.resolve("run.json");
    for (int bytes = 0; bytes < document.length; bytes += 97) {
      byte[] part = Arrays.copyOf(document, bytes);
      Files.write(path, part);
      assertThatExceptionOfType(UnreadableRunException.class)
          .as("first %d bytes", bytes)
          .isThrownBy(() -> RunFile.read(path))
          .withMessageEndingWith(", path=" + path);
      assertThat(path).hasBinaryContent(part);
    }
  }

  @Test
  void readsButDoesNotContinueANewerMinorVersion() throws IOException {
    String newer =
        new String(RunJson.write(ExampleRun.full()), UTF_8)
            .replace("\"schemaVersion\" : \"1.0\"", "\"schemaVersion\" : \"1.1\"");
    Path path = Files.writeString(folder.resolve("run.json"), newer);

    assertThat(RunFile.read(path).rows()).isEqualTo(ExampleRun.full().rows());
    assertThatExceptionOfType(UnreadableRunException.class)
        .isThrownBy(() -> RunFile.resume(path))
        .withMessage("a run of version 1.1 cannot be continued in version 1.0, path=" + path);
  }

  private static void assertUnreadable(Path path, String problem) {
    assertThatExceptionOfType(UnreadableRunException.class)
        .isThrownBy(() -> RunFile.read(path))
        .withMessage(problem + ", path=" + path);
  }

  @Test
  void factsExplainARunUntilItIsFinished() {
    Path path = folder.resolve("run.json");
    RunFile file = RunFile.create(path, ExampleRun.header());
    file.explain(Map.of("fit", "alpha 1", "governor", "performance"));
    file.explain(Map.of("fit", "alpha 2"));
    assertThat(RunFile.read(path).fingerprint().context())
        .containsExactly(Map.entry("fit", "alpha 2"), Map.entry("governor", "performance"));
    file.finish(Instant.EPOCH);
    assertThatIllegalStateException().isThrownBy(() -> file.explain(Map.of("fit", "alpha 3")));
  }
}
