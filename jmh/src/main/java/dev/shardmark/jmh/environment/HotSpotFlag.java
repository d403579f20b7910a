package dev.shardmark.jmh.environment;

import com.sun.management.HotSpotDiagnosticMXBean;
import java.lang.management.ManagementFactory;

/** Values of JVM flags. */
final class HotSpotFlag {
  private HotSpotFlag() {}

  /** The value of a flag, or {@code unavailable: ...} on a JVM or CPU without it. */
  static String value(String flag) {
    try {
      return ManagementFactory.getPlatformMXBean(HotSpotDiagnosticMXBean.class)
          .getVMOption(flag)
          .getValue();
    } catch (IllegalArgumentException e) {
      return "unavailable: no flag " + flag;
    }
  }
}
