package dev.shardmark.kernels;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class CachesTest {
  @TempDir Path folder;

  @Test
  void readsDataCachesAndSkipsInstructions() throws IOException {
    cache(0, "1", "Data", "48K");
    cache(1, "1", "Instruction", "32K");
    cache(2, "2", "Unified", "2M");
    cache(3, "3", "Unified", "36864K");
    assertThat(Caches.read(folder)).isEqualTo(new Caches(48 << 10, 2 << 20, 36 << 20, true));
  }

  @Test
  void withoutAnL3TheL2IsTheLastCache() throws IOException {
    cache(0, "1", "Data", "64K");
    cache(1, "2", "Unified", "1M");
    assertThat(Caches.read(folder)).isEqualTo(new Caches(64 << 10, 1 << 20, 1 << 20, true));
  }

  @Test
  void whatCannotBeReadIsSaidToBeUnknown() throws IOException {
    assertThat(Caches.read(folder).known()).isFalse();
    cache(0, "1", "Data", "many");
    assertThat(Caches.read(folder).known()).isFalse();
  }

  @Test
  void namesTheFirstLevelThatHolds() {
    Caches caches = new Caches(32 << 10, 1 << 20, 8 << 20, true);
    assertThat(caches.levelOf(32 << 10)).isEqualTo("L1");
    assertThat(caches.levelOf(33 << 10)).isEqualTo("L2");
    assertThat(caches.levelOf(8 << 20)).isEqualTo("L3");
    assertThat(caches.levelOf(9 << 20)).isEqualTo(Caches.DRAM);
  }

  private void cache(int index, String level, String type, String size) throws IOException {
    Path cache = Files.createDirectory(folder.resolve("index" + index));
    Files.writeString(cache.resolve("level"), level + "\n");
    Files.writeString(cache.resolve("type"), type + "\n");
    Files.writeString(cache.resolve("size"), size + "\n");
  }
}
