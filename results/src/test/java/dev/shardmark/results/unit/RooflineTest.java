package dev.shardmark.results.unit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.shardmark.results.format.Roof;
import dev.shardmark.results.format.Workload;
import dev.shardmark.results.unit.Roofline.Bound;
import java.util.List;
import org.junit.jupiter.api.Test;

class RooflineTest {
  private final Roofline roofline =
      Roofline.of(
          List.of(
              new Roof("fma", null, 1, 90, Roof.GFLOPS),
              new Roof("fma", null, 1, 100, Roof.GFLOPS),
              new Roof("fma", null, 4, 400, Roof.GFLOPS),
              new Roof("read", "DRAM", 1, 16, Roof.GBS),
              new Roof("copy", "DRAM", 1, 10, Roof.GBS),
              new Roof("triad", "DRAM", 1, 20, Roof.GBS),
              new Roof("read", "L2", 1, 80, Roof.GBS)));

  @Test
  void boundsByTheSlowerOfArithmeticAndMemory() {
    // 100 GFLOP/s and 20 GB/s: 1e6 flop take 10 us, 1e6 bytes take 50 us.
    assertThat(roofline.bound(work(1_000_000, 100_000, "DRAM", 1)))
        .contains(new Bound(10, "compute"));
    assertThat(roofline.bound(work(1_000_000, 1_000_000, "DRAM", 1)))
        .contains(new Bound(50, "bandwidth"));
    assertThat(roofline.bound(work(1_000_000, 1_000_000, "L2", 1)))
        .contains(new Bound(12.5, "bandwidth"));
  }

  @Test
  void callsTheRidgeCompute() {
    assertThat(roofline.ridgeIntensity("DRAM", 1)).hasValue(5);
    assertThat(roofline.bound(work(5_000_000, 1_000_000, "DRAM", 1)))
        .contains(new Bound(50, "compute"));
  }

  @Test
  void needsNoRoofForWorkThatIsNotThere() {
    assertThat(roofline.bound(work(4_000_000, 0, "DRAM", 4))).contains(new Bound(10, "compute"));
    assertThat(roofline.bound(work(0, 2_000, "DRAM", 1))).contains(new Bound(0.1, "bandwidth"));
  }

  @Test
  void isEmptyWithoutTheRoofsOrTheWork() {
    assertThat(roofline.bound(work(1, 1, "L3", 1))).isEmpty();
    assertThat(roofline.bound(work(1, 1, "DRAM", 4))).isEmpty();
    assertThat(roofline.bound(work(1, 0, "DRAM", 2))).isEmpty();
    assertThat(roofline.bound(work(0, 0, "DRAM", 1))).isEmpty();
    assertThat(Roofline.of(List.of()).bound(work(1, 1, "DRAM", 1))).isEmpty();
    assertThat(roofline.ridgeIntensity("DRAM", 4)).isEmpty();
    assertThat(roofline.ridgeIntensity("L3", 1)).isEmpty();
  }

  private static Workload work(long flop, long bytes, String level, int cores) {
    return new Workload(flop, bytes, level, cores, 0);
  }
}
