package dev.shardmark.jmh;

import java.util.List;

/**
 * Flags of every forked JVM, each with its reason. Constants, so that annotations can name them.
 */
public final class ForkFlags {
  /** The Vector API is still an incubator module. */
  public static final String VECTOR = "--add-modules=jdk.incubator.vector";

  /** Native libraries are called through FFM. */
  public static final String NATIVE = "--enable-native-access=ALL-UNNAMED";

  /** Makes the start of every array a cache line: see AlignedFloats. */
  public static final String ALIGNED = "-XX:ObjectAlignmentInBytes=64";

  /** No collector threads beside the ranks. */
  public static final String COLLECTOR = "-XX:+UseSerialGC";

  /** Weights of hundreds of MiB on 4 KiB pages would measure the TLB. */
  public static final String HUGE_PAGES = "-XX:+UseTransparentHugePages";

  /** JMH 1.37 still uses Unsafe, which every fork would warn about. */
  public static final String QUIET = "--sun-misc-unsafe-memory-access=allow";

  private static final long MIB = 1 << 20;
  private static final long YOUNG_MIB = 32;
  private static final long SLACK_MIB = 160;

  private ForkFlags() {}

  /** A heap that holds {@code bytes} of arrays and is touched before the first iteration. */
  public static List<String> heap(long bytes) {
    long mib = Math.ceilDiv(bytes, MIB) + YOUNG_MIB + SLACK_MIB;
    return List.of(
        "-Xms" + mib + "m", "-Xmx" + mib + "m", "-Xmn" + YOUNG_MIB + "m", "-XX:+AlwaysPreTouch");
  }
}
