package dev.shardmark.kernels.roof;

import static dev.shardmark.kernels.Species.LANES;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.shardmark.kernels.Work;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class RoofLoopTest {
  @ParameterizedTest
  @ValueSource(longs = {0, 1000, 24 << 10, 1 << 20})
  void everyLoopComputesWhatItShould(long bytes) {
    new FmaLoop().verify();
    new ReadLoop(bytes).verify();
    new CopyLoop(bytes).verify();
    new TriadLoop(bytes).verify();
  }

  @Test
  void workCountsArraysAsStreamDoes() {
    int footprint = 12 * 8 * LANES;
    assertThat(ReadLoop.work(footprint, 1).bytes()).isLessThanOrEqualTo(footprint);
    assertThat(ReadLoop.work(4 * 8 * LANES, 3)).isEqualTo(new Work(24 * LANES, 96 * LANES));
    assertThat(CopyLoop.work(8 * 4 * LANES, 2)).isEqualTo(new Work(0, 64 * LANES));
    assertThat(TriadLoop.work(12 * 4 * LANES, 2)).isEqualTo(new Work(16 * LANES, 96 * LANES));
    assertThat(FmaLoop.work(1)).isEqualTo(new Work((1L << 14) * 12 * 2 * LANES, 0));
  }

  @Test
  void aLoopThatDoesNotDoItsWorkIsRefused() {
    assertThatThrownBy(() -> RoofLoop.require(false, new FmaLoop()))
        .isInstanceOf(IllegalStateException.class)
        .hasMessage("the loop computed wrong values: loop=FmaLoop");
  }
}
