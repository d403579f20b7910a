package dev.shardmark.jmh.environment;

import static org.assertj.core.api.Assertions.assertThat;

import dev.shardmark.results.format.Fingerprint;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

final class AdviceTest {
  @Test
  void aQuietMachineOfItsOwnNeedsNone() {
    assertThat(
            Advice.on(
                fingerprint(
                    Map.of("cpu.instructionSets", "avx2 avx512f", "cgroup.cpuQuota", "max 100000"),
                    "512",
                    Map.of("cpu.governor", "performance", "os.loadAverage", "0.1"))))
        .isEmpty();
  }

  @Test
  void factsThatCannotBeFoundOutGiveNone() {
    assertThat(
            Advice.on(
                fingerprint(
                    Map.of("cgroup.cpuQuota", "unavailable: no file"),
                    "256",
                    Map.of("cpu.governor", "unavailable: no file"))))
        .isEmpty();
  }

  @Test
  void eachTroubleIsNamed() {
    assertThat(
            Advice.on(
                fingerprint(
                    Map.of(
                        "cpu.instructionSets", "avx512f",
                        "cgroup.cpuQuota", "150000 100000",
                        "cache.known", "false"),
                    "256",
                    Map.of(
                        "cpu.virtualised", "true",
                        "cpu.governor", "powersave",
                        "os.transparentHugePages", "always madvise [never]",
                        "os.loadAverage", "3.5"))))
        .satisfiesExactly(
            a -> assertThat(a).contains("AVX-512"),
            a -> assertThat(a).contains("cache sizes"),
            a -> assertThat(a).contains("quota"),
            a -> assertThat(a).contains("virtual machine"),
            a -> assertThat(a).contains("governor"),
            a -> assertThat(a).contains("huge pages"),
            a -> assertThat(a).contains("3.5"));
  }

  private static Fingerprint fingerprint(
      Map<String, String> machine, String vectorBits, Map<String, String> context) {
    return new Fingerprint(
        new TreeMap<>(machine),
        new TreeMap<>(Map.of("jvm.vectorBits", vectorBits)),
        new TreeMap<>(),
        new TreeMap<>(context));
  }
}
