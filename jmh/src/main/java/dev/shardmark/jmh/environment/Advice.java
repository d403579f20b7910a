package dev.shardmark.jmh.environment;

import dev.shardmark.results.format.Fingerprint;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;

/** What about a machine makes its figures worse or less certain, and what to do about it. */
public final class Advice {
  /** A load that is more than this JVM's own start. */
  private static final double IDLE_LOAD = 0.7;

  private Advice() {}

  /** One sentence for each thing found; empty for a machine fit to measure on. */
  public static List<String> on(Fingerprint fingerprint) {
    SortedMap<String, String> machine = fingerprint.machine();
    SortedMap<String, String> jvm = fingerprint.jvm();
    SortedMap<String, String> context = fingerprint.context();
    List<String> advice = new ArrayList<>();
    addUnused("avx512f", "AVX-512", 512, machine, jvm, advice);
    if (advice.isEmpty()) {
      addUnused("avx2", "AVX2", 256, machine, jvm, advice);
    }
    if (known(machine, "cache.known").equals("false")) {
      advice.add("cache sizes are assumed, the system tells none: roofs may be of another level");
    }
    if (!known(machine, "cgroup.cpuQuota").startsWith("max")
        && !known(machine, "cgroup.cpuQuota").isEmpty()) {
      advice.add("a CPU quota throttles this process: measure without one");
    }
    if (known(context, "cpu.virtualised").equals("true")) {
      advice.add(
          "this is a virtual machine: neighbours on the same cores make figures swing, so compare"
              + " within one run and look at every fork");
    }
    if (!known(context, "cpu.governor").isEmpty()
        && !known(context, "cpu.governor").equals("performance")) {
      advice.add("the clock follows the load: set the governor to performance");
    }
    if (known(context, "os.transparentHugePages").contains("[never]")) {
      advice.add(
          "transparent huge pages are off: weights on 4 KiB pages cost address translation; allow"
              + " madvise");
    }
    if (load(context) > IDLE_LOAD) {
      advice.add("something else is running: load average " + known(context, "os.loadAverage"));
    }
    return advice;
  }

  private static void addUnused(
      String flag,
      String name,
      int bits,
      SortedMap<String, String> machine,
      SortedMap<String, String> jvm,
      List<String> advice) {
    if (known(machine, "cpu.instructionSets").contains(flag) && vectorBits(jvm) < bits) {
      advice.add(
          "the CPU has "
              + name
              + " and kernels have vectors of "
              + vectorBits(jvm)
              + " bits: look at -XX:UseAVX and -XX:MaxVectorSize");
    }
  }

  /** A fact; empty where it could not be found out. */
  private static String known(SortedMap<String, String> facts, String name) {
    String fact = facts.getOrDefault(name, "unavailable");
    return fact.startsWith("unavailable") ? "" : fact;
  }

  private static int vectorBits(SortedMap<String, String> jvm) {
    return Integer.parseInt(jvm.get("jvm.vectorBits"));
  }

  private static double load(SortedMap<String, String> context) {
    String load = known(context, "os.loadAverage");
    return load.isEmpty() ? 0 : Double.parseDouble(load);
  }
}
