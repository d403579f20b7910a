package dev.shardmark.results.store;

import static org.assertj.core.api.Assertions.assertThat;

import dev.shardmark.results.format.ExampleRun;
import dev.shardmark.results.format.Run;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

class KilledWriterTest {
  private static final int KILLS = 10;
  @TempDir private Path folder;

  @Test
  @Timeout(value = 120, unit = TimeUnit.SECONDS)
  void losesNoRowItHadAdded() throws IOException, InterruptedException {
    Path path = folder.resolve("runs/run.json");
    long seed = System.nanoTime();
    Random random = new Random(seed);
    for (int kill = 0; kill < KILLS; kill++) {
      int added = addUntilKilled(path, random.nextInt(80));

      Run run = RunFile.read(path);

      assertThat(run.rows())
          .as("kill %d, seed %d", kill, seed)
          .hasSizeGreaterThanOrEqualTo(added)
          .isEqualTo(IntStream.range(0, run.rows().size()).mapToObj(ExampleRun::row).toList());
    }
    RunFile.resume(path);
    assertThat(path.getParent().toFile().list()).containsExactly("run.json");
  }

  /** Kills a writer some time after its first row; returns how many rows it said are there. */
  private int addUntilKilled(Path path, int delayMs) throws IOException, InterruptedException {
    Path said = Files.createTempFile(folder, "rows", ".txt");
    Process writer =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("java.class.path"),
                EndlessWriter.class.getName(),
                path.toString())
            .redirectOutput(said.toFile())
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    try {
      while (Files.size(said) == 0) {
        assertThat(writer.isAlive()).as("the writer runs").isTrue();
        Thread.sleep(1);
      }
      Thread.sleep(delayMs);
    } finally {
      writer.destroyForcibly().waitFor();
    }
    String lines = Files.readString(said);
    return lines
        .substring(0, lines.lastIndexOf('\n') + 1)
        .lines() // the last may be cut short
        .mapToInt(Integer::parseInt)
        .max()
        .orElse(0);
  }
}
