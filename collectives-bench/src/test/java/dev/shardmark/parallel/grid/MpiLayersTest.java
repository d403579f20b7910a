package dev.shardmark.parallel.grid;

import static org.assertj.core.api.Assertions.assertThat;

import dev.shardmark.collectives.mpi.Mpirun;
import java.io.IOException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Every plan over MPI, by processes that {@code mpirun} starts, where it is installed. */
class MpiLayersTest {
  @ParameterizedTest
  @ValueSource(ints = {2, 4})
  void everyPlanIsWithinTheBound(int ranks) throws IOException {
    Mpirun.Outcome outcome = Mpirun.run(ranks, EveryAxis.class);
    assertThat(outcome.output())
        .contains("all " + Plans.of(ranks).size() + " plans are right on " + ranks + " ranks")
        .doesNotContain(" is wrong: ");
    assertThat(outcome.code()).isZero();
  }

  @Test
  void ranksThatMistakeTheirGroupsAreWrong() throws IOException {
    Mpirun.Outcome outcome = Mpirun.run(2, EveryAxis.class, "swapped");
    assertThat(outcome.output())
        .contains(" is wrong: ", "error over bound")
        .doesNotContain("plans are right");
    assertThat(outcome.code()).isEqualTo(EveryAxis.WRONG);
  }
}
