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
  void vectorsAreAsWideAsTheCpuHasThem() {
    Map<String, String> avx2 = Map.of("cpu.instructionSets", "sse4_2 avx avx2 fma");
    assertThat(Advice.on(fingerprint(avx2, "256", Map.of()))).isEmpty();
    assertThat(Advice.on(fingerprint(avx2, "128", Map.of())))
        .containsExactly(
            "the CPU has AVX2 and kernels have vectors of 128 bits: look at -XX:UseAVX and"
                + " -XX:MaxVectorSize");
    Map<String, String> sse = Map.of("cpu.instructionSets", "sse4_2");
    assertThat(Advice.on(fingerprint(sse, "128", Map.of()))).isEmpty();
    Map<String, String> avx512 = Map.of("cpu.instructionSets", "avx2 avx512f");
    assertThat(Advice.on(fingerprint(avx512, "128", Map.of()))).hasSize(1);
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
