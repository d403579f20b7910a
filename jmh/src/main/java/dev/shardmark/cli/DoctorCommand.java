package dev.shardmark.cli;

import dev.shardmark.jmh.environment.Advice;
import dev.shardmark.jmh.environment.Environment;
import dev.shardmark.results.format.Fingerprint;
import java.io.PrintWriter;
import java.util.List;
import java.util.SortedMap;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** Says what measurements on this machine will come from. */
@Command(
    name = "doctor",
    mixinStandardHelpOptions = true,
    description = "Show the machine, the JVM and the build that figures will come from.",
    footer = {"", "Examples:", "  shardmark doctor"})
final class DoctorCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;

  @Override
  public Integer call() {
    PrintWriter out = spec.commandLine().getOut();
    Fingerprint here = new Environment().fingerprint();
    print(out, "machine", here.machine());
    print(out, "jvm", here.jvm());
    print(out, "build", here.build());
    print(out, "context", here.context());
    out.println("advice");
    List<String> advice = Advice.on(here);
    advice.forEach(line -> out.println("  " + line));
    if (advice.isEmpty()) {
      out.println("  none: nothing found that makes figures worse");
    }
    return 0;
  }

  private static void print(PrintWriter out, String title, SortedMap<String, String> facts) {
    out.println(title);
    facts.forEach((name, value) -> out.printf("  %-26s %s%n", name, value));
  }
}
