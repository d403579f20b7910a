package dev.shardmark.jmh.environment;

import dev.shardmark.kernels.Caches;
import dev.shardmark.kernels.Species;
import dev.shardmark.kernels.Variant;
import dev.shardmark.results.format.Fingerprint;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Path;
import java.util.Properties;
import java.util.SortedMap;
import java.util.TreeMap;

/** The fingerprint of this machine, JVM and build. */
public final class Environment {
  private static final String KIB = " kB";

  private final Probe probe;

  /** Of the machine this runs on. */
  public Environment() {
    this(Path.of("/"));
  }

  Environment(Path root) {
    probe = new Probe(root);
  }

  /** Everything that can be found out. */
  public Fingerprint fingerprint() {
    return new Fingerprint(machine(), jvm(), build(), context());
  }

  private SortedMap<String, String> machine() {
    SortedMap<String, String> facts = new TreeMap<>();
    Caches caches = Caches.here();
    facts.put("cpu.model", probe.field("proc/cpuinfo", "model name"));
    facts.put("cpu.family", probe.field("proc/cpuinfo", "cpu family"));
    facts.put("cpu.modelNumber", probe.field("proc/cpuinfo", "model\t"));
    facts.put("cpu.arch", System.getProperty("os.arch"));
    facts.put("cpu.instructionSets", vectorFlags());
    facts.put("cpu.cores", Integer.toString(Runtime.getRuntime().availableProcessors()));
    facts.put("cache.l1dBytes", Long.toString(caches.l1Bytes()));
    facts.put("cache.l2Bytes", Long.toString(caches.l2Bytes()));
    facts.put("cache.l3Bytes", Long.toString(caches.l3Bytes()));
    facts.put("cache.known", Boolean.toString(caches.known()));
    facts.put("memory.bytes", memoryBytes());
    facts.put("cgroup.cpuQuota", probe.text("sys/fs/cgroup/cpu.max"));
    return facts;
  }

  private String vectorFlags() {
    String flags = probe.field("proc/cpuinfo", "flags");
    StringBuilder vector = new StringBuilder();
    for (String flag : flags.split(" ")) {
      if (flag.matches("sse4_2|avx.*|fma|f16c|amx.*|sve.*|asimd.*|vnni.*")) {
        vector.append(vector.isEmpty() ? "" : " ").append(flag);
      }
    }
    return vector.isEmpty() ? "unavailable: no vector flags in /proc/cpuinfo" : vector.toString();
  }

  private String memoryBytes() {
    String total = probe.field("proc/meminfo", "MemTotal");
    return total.endsWith(KIB)
        ? Long.toString(Long.parseLong(total.substring(0, total.length() - KIB.length())) << 10)
        : total;
  }

  private static SortedMap<String, String> jvm() {
    SortedMap<String, String> facts = new TreeMap<>();
    facts.put("jvm.name", System.getProperty("java.vm.name"));
    facts.put("jvm.vendor", System.getProperty("java.vendor"));
    facts.put("jvm.version", System.getProperty("java.vm.version"));
    facts.put("jvm.vectorBits", Integer.toString(Species.F.vectorBitSize()));
    for (String flag : new String[] {"UseAVX", "UseSVE", "MaxVectorSize", "UseFMA"}) {
      facts.put("jvm." + flag, HotSpotFlag.value(flag));
    }
    return facts;
  }

  private static SortedMap<String, String> build() {
    SortedMap<String, String> facts = new TreeMap<>();
    Properties git = new Properties();
    try (InputStream in = Environment.class.getResourceAsStream("/git.properties")) {
      if (in != null) {
        git.load(in);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    String reason = "unavailable: built outside a git checkout";
    facts.put("git.commit", git.getProperty("git.commit.id", reason));
    facts.put("git.dirty", git.getProperty("git.dirty", reason));
    String version = Environment.class.getPackage().getImplementationVersion();
    for (Variant peer : Variant.PEERS) {
      facts.put("peer." + peer.parameter(), Peers.description(peer));
    }
    facts.put("build.version", version == null ? "unavailable: not run from the jar" : version);
    return facts;
  }

  private SortedMap<String, String> context() {
    SortedMap<String, String> facts = new TreeMap<>();
    facts.put("host.name", hostName());
    facts.put("os.name", System.getProperty("os.name"));
    facts.put("os.kernel", System.getProperty("os.version"));
    facts.put("os.loadAverage", loadAverage());
    facts.put("os.transparentHugePages", probe.text("sys/kernel/mm/transparent_hugepage/enabled"));
    facts.put("os.hugePagesTotal", probe.field("proc/meminfo", "HugePages_Total"));
    facts.put("cpu.governor", probe.text("sys/devices/system/cpu/cpu0/cpufreq/scaling_governor"));
    facts.put("cpu.maxKHz", probe.text("sys/devices/system/cpu/cpu0/cpufreq/cpuinfo_max_freq"));
    facts.put("cpu.virtualised", virtualised());
    return facts;
  }

  private String virtualised() {
    String flags = probe.field("proc/cpuinfo", "flags");
    if (flags.startsWith("unavailable")) {
      return flags;
    }
    return Boolean.toString((" " + flags + " ").contains(" hypervisor "));
  }

  private static String loadAverage() {
    double load = ManagementFactory.getOperatingSystemMXBean().getSystemLoadAverage();
    return load < 0 ? "unavailable: the system tells none" : Double.toString(load);
  }

  private static String hostName() {
    try {
      return InetAddress.getLocalHost().getHostName();
    } catch (UnknownHostException e) {
      return "unavailable: no host name";
    }
  }
}
