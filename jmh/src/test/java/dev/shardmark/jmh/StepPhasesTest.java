package dev.shardmark.jmh;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

final class StepPhasesTest {
  @Test
  void phasesAreMeansAndStartAnewWhenTaken() throws InterruptedException {
    StepPhases phases = new StepPhases(2);
    phases.started(0);
    phases.started(1);
    phases.computed(0);
    Thread.sleep(4);
    phases.computed(1);
    phases.ended(0);
    phases.ended(1);
    phases.stepDone();
    // rank 1 computed for 4 ms, for which rank 0 waited: half of each in the mean
    assertThat(phases.takeComputeUs()).isGreaterThanOrEqualTo(2000);
    assertThat(phases.takeWaitUs()).isGreaterThanOrEqualTo(2000);
    assertThat(phases.takeCommunicationUs()).isPositive();
    assertThat(phases.takeComputeUs()).isZero();
  }
}
