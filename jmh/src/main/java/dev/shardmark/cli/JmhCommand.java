package dev.shardmark.cli;

import java.io.IOException;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** Hands its arguments to JMH. */
@Command(
    name = "jmh",
    description = "Run JMH itself, with its own options, on the same benchmarks.",
    footer = {"", "Examples:", "  shardmark jmh -l", "  shardmark jmh Gemm -p shape=64x64x64 -f 1"})
final class JmhCommand implements Callable<Integer> {
  @Parameters(paramLabel = "OPTION", arity = "0..*", description = "See: shardmark jmh -h")
  private List<String> options = List.of();

  @Override
  public Integer call() throws IOException {
    org.openjdk.jmh.Main.main(options.toArray(String[]::new));
    return 0;
  }
}
