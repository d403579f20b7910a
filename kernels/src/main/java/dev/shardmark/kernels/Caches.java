package dev.shardmark.kernels;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * Data cache sizes of the first core, as the operating system tells them.
 *
 * @param l1Bytes L1 data cache of a core
 * @param l2Bytes L2 cache of a core
 * @param l3Bytes last-level cache, shared; the L2 where there is no L3
 * @param known whether the system told them; otherwise they are common sizes
 */
public record Caches(long l1Bytes, long l2Bytes, long l3Bytes, boolean known) {
  /** Name of the memory behind the last cache. */
  public static final String DRAM = "DRAM";

  /** The levels from the core outwards. */
  public static final List<String> LEVELS = List.of("L1", "L2", "L3", DRAM);

  private static final Caches COMMON = new Caches(32 << 10, 1 << 20, 32 << 20, false);
  private static final Caches HERE = read(Path.of("/sys/devices/system/cpu/cpu0/cache"));

  /** The caches of this machine. */
  public static Caches here() {
    return HERE;
  }

  /** The first level that holds {@code bytes}. */
  public String levelOf(long bytes) {
    if (bytes <= l1Bytes) {
      return "L1";
    }
    return bytes <= l2Bytes ? "L2" : bytes <= l3Bytes ? "L3" : DRAM;
  }

  /** Reads one folder per cache, with files {@code level}, {@code type} and {@code size}. */
  static Caches read(Path folder) {
    long[] bytes = new long[4];
    for (int index = 0; Files.isDirectory(folder.resolve("index" + index)); index++) {
      Path cache = folder.resolve("index" + index);
      try {
        int level = Integer.parseInt(text(cache.resolve("level")));
        if (level < bytes.length && !text(cache.resolve("type")).equals("Instruction")) {
          bytes[level] = size(text(cache.resolve("size")));
        }
      } catch (IOException | NumberFormatException e) {
        return COMMON;
      }
    }
    if (bytes[1] == 0 || bytes[2] == 0) {
      return COMMON;
    }
    return new Caches(bytes[1], bytes[2], Math.max(bytes[2], bytes[3]), true);
  }

  private static String text(Path file) throws IOException {
    return Files.readString(file).strip();
  }

  /** Sizes look like {@code 32K} or {@code 16M}. */
  private static long size(String text) {
    int last = text.length() - 1;
    return switch (text.charAt(last)) {
      case 'K' -> Long.parseLong(text.substring(0, last)) << 10;
      case 'M' -> Long.parseLong(text.substring(0, last)) << 20;
      default -> Long.parseLong(text);
    };
  }
}
