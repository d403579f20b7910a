package dev.shardmark.jmh.environment;

import static org.assertj.core.api.Assertions.assertThat;

import dev.shardmark.results.format.Fingerprint;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class EnvironmentTest {
  @TempDir Path root;

  @Test
  void readsWhatTheSystemTells() throws IOException {
    Files.createDirectories(root.resolve("proc"));
    Files.writeString(
        root.resolve("proc/cpuinfo"),
        "model\t\t: 17\nmodel name\t: Fast CPU\nflags\t\t: fpu avx2 hypervisor fma\n");
    Files.writeString(root.resolve("proc/meminfo"), "MemTotal:       1024 kB\n");
    Fingerprint fingerprint = new Environment(root).fingerprint();
    assertThat(fingerprint.machine())
        .containsEntry("cpu.model", "Fast CPU")
        .containsEntry("cpu.modelNumber", "17")
        .containsEntry("cpu.instructionSets", "avx2 fma")
        .containsEntry("memory.bytes", "1048576");
    assertThat(fingerprint.context()).containsEntry("cpu.virtualised", "true");
  }

  @Test
  void saysWhyAFactIsMissing() {
    Fingerprint fingerprint = new Environment(root).fingerprint();
    assertThat(fingerprint.machine()).containsEntry("cpu.model", "unavailable: no /proc/cpuinfo");
    assertThat(fingerprint.context())
        .containsEntry(
            "cpu.governor",
            "unavailable: no /sys/devices/system/cpu/cpu0/cpufreq/scaling_governor");
  }
}
