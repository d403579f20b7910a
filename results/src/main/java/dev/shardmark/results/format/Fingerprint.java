package dev.shardmark.results.format;

import java.util.SortedMap;

/**
 * What the numbers of a run came from, as named facts.
 *
 * <p>Two runs compare like with like where {@code machine} and {@code jvm} agree; {@code build}
 * names the code; {@code context} explains differences but does not decide anything. Names are
 * dotted and carry units ({@code cache.l2Bytes}); a fact that could not be read is {@code
 * "unavailable: <reason>"}, never absent.
 */
public record Fingerprint(
    SortedMap<String, String> machine,
    SortedMap<String, String> jvm,
    SortedMap<String, String> build,
    SortedMap<String, String> context) {
  public Fingerprint {
    machine = SortedCopy.of(machine, "machine");
    jvm = SortedCopy.of(jvm, "jvm");
    build = SortedCopy.of(build, "build");
    context = SortedCopy.of(context, "context");
  }
}
