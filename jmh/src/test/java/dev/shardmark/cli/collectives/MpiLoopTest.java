package dev.shardmark.cli.collectives;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.shardmark.collectives.sweep.Effort;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The loop in C, where there is an MPI that lets us run it. */
class MpiLoopTest {
  private static final Effort SHORT = new Effort(1_000_000, 1_000_000, 5, 1000);

  @TempDir private Path folder;

  @Test
  void everyCollectiveIsRightAndTimed() throws IOException {
    List<String> ops =
        List.of(
            "all_reduce",
            "reduce_scatter",
            "reduce_scatter_v",
            "all_gather",
            "all_gather_v",
            "all_to_all",
            "all_to_all_v",
            "broadcast");
    try (MpiLoop loop = MpiLoop.start(folder, SHORT)) {
      for (String op : ops) {
        for (long bytes : new long[] {64, 100, 65536}) {
          assertOrdered(loop.time(op, bytes, true));
          if (!op.equals("broadcast")) {
            assertOrdered(loop.time(op, bytes, false));
          }
        }
      }
      assertOrdered(loop.time("barrier", 0, true));
      assertThatThrownBy(() -> loop.time("", 0, true))
          .isInstanceOf(PeerAbsentException.class)
          .hasMessageContaining("a line must be an operation, bytes and a place");
    } catch (PeerAbsentException e) {
      Assumptions.abort(e.getMessage());
    }
  }

  @Test
  void saysWhichProgramIsNotThere() {
    List<String> command = List.of("no-such-program");
    assertThatThrownBy(() -> Program.run(folder.resolve("log"), Duration.ofSeconds(5), command))
        .isInstanceOf(PeerAbsentException.class)
        .hasMessage("there is no no-such-program here");
  }

  @Test
  void saysWhatAProgramComplainedAbout() {
    List<String> command =
        List.of("sh", "-c", "echo ----; echo '# a comment'; echo no luck; exit 3");
    assertThatThrownBy(() -> Program.run(folder.resolve("log"), Duration.ofSeconds(5), command))
        .hasMessage("sh ended with 3: no luck");
  }

  @Test
  void endsWhatTakesTooLong() {
    List<String> command = List.of("sleep", "30");
    assertThatThrownBy(() -> Program.run(folder.resolve("log"), Duration.ofMillis(50), command))
        .hasMessageContaining("did not end within");
  }

  private static void assertOrdered(Sample sample) {
    assertThat(sample.timeNs()).isPositive();
    assertThat(sample.medianNs()).isPositive().isLessThanOrEqualTo(sample.p99Ns());
    assertThat(sample.p99Ns()).isLessThanOrEqualTo(sample.longestNs());
  }
}
