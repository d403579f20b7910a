package dev.shardmark.cli;

import dev.shardmark.cli.claims.ConfigurationFacts;
import dev.shardmark.results.report.Report;
import dev.shardmark.results.store.RunFile;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Writes the report of a run, finished or not. */
@Command(
    name = "report",
    mixinStandardHelpOptions = true,
    description = "Write the HTML report of a run file.",
    footer = {"", "Examples:", "  shardmark report results/runs/RUN.json --out report.html"})
final class ReportCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;

  @Parameters(paramLabel = "RUN.json", description = "The run file.")
  private Path run;

  @Option(
      names = "--out",
      paramLabel = "FILE",
      description = "The page to write (default: beside the run file, ending in .html).")
  private Path outFile;

  @Override
  public Integer call() throws IOException {
    Path page = outFile == null ? Recording.beside(run, ".html") : outFile;
    Report.write(RunFile.read(run), ConfigurationFacts.all(), page);
    spec.commandLine().getOut().println("report " + page.toAbsolutePath().normalize());
    return 0;
  }
}
