package dev.shardmark.collectives.mpi;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The contract over MPI, by processes that {@code mpirun} starts, where it is installed. */
class MpiTest {
  @ParameterizedTest
  @ValueSource(ints = {2, 4})
  void everyCollectiveIsRight(int ranks) throws IOException {
    Mpirun.Outcome outcome = Mpirun.run(ranks, EveryCollective.class);
    assertThat(outcome.output())
        .contains("all is right on " + ranks + " ranks")
        .doesNotContain(" failed: ");
    assertThat(outcome.code()).isZero();
  }

  /** The other ranks wait for the one that fails, and would do so for ever. */
  @Test
  void rankThatFailsEndsAll() throws IOException {
    Mpirun.Outcome outcome = Mpirun.run(2, EveryCollective.class, "fail");
    assertThat(outcome.output()).contains("rank 1 failed: ").doesNotContain("all is right");
    assertThat(outcome.code()).isEqualTo(EveryCollective.FAILED);
  }
}
