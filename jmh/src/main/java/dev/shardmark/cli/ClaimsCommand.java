package dev.shardmark.cli;

import dev.shardmark.cli.claims.ConfigurationFacts;
import dev.shardmark.results.claims.Decision;
import dev.shardmark.results.claims.Ledger;
import dev.shardmark.results.claims.LedgerJson;
import dev.shardmark.results.claims.LedgerTable;
import dev.shardmark.results.claims.Sources;
import dev.shardmark.results.claims.Verdict;
import dev.shardmark.results.format.Row;
import dev.shardmark.results.format.Run;
import dev.shardmark.results.store.RunFile;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Says what a run and the published configurations make of the claims of a post. */
@Command(
    name = "claims",
    mixinStandardHelpOptions = true,
    description = "Decide claims about parallelism from the rows of a run and from configurations.",
    footer = {
      "",
      "Without a run file, from configurations alone. With --id every row is named.",
      "",
      "Examples:",
      "  shardmark claims results/runs/RUN.json",
      "  shardmark claims results/runs/RUN.json --only undecided",
      "  shardmark claims --id C22 --json claims.json"
    })
final class ClaimsCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;

  @Parameters(
      paramLabel = "RUN.json",
      arity = "0..*",
      description = "Run files of one machine; their rows are taken together.")
  private List<Path> runs = List.of();

  @Option(
      names = "--only",
      paramLabel = "VERDICT",
      description =
          "Only claims with this verdict: holds, holds-if, does-not-hold, not-measurable-here or"
              + " undecided.")
  private String only;

  @Option(names = "--id", paramLabel = "ID", description = "Only this claim, for example C46.")
  private String id;

  @Option(names = "--json", paramLabel = "FILE", description = "Write the decisions as JSON too.")
  private Path jsonFile;

  @Override
  public Integer call() throws IOException {
    Verdict asked = only == null ? null : verdict(only);
    List<Decision> all = new Ledger(Sources.of(rows(), ConfigurationFacts.all())).decisions();
    if (id != null && all.stream().noneMatch(decision -> decision.claim().id().equals(id))) {
      throw new IllegalArgumentException(
          "id must be one of C01 to " + all.getLast().claim().id() + ": id=" + id);
    }
    List<Decision> chosen =
        all.stream()
            .filter(decision -> id == null || decision.claim().id().equals(id))
            .filter(decision -> asked == null || decision.verdict() == asked)
            .toList();
    PrintWriter out = spec.commandLine().getOut();
    new LedgerTable(chosen).lines().forEach(out::println);
    out.flush();
    if (jsonFile != null) {
      Files.write(jsonFile, LedgerJson.write(chosen));
    }
    return 0;
  }

  /** The rows of all runs: figures of two machines must not be compared. */
  private List<Row> rows() {
    List<Run> all = runs.stream().map(RunFile::read).toList();
    if (all.stream().map(run -> run.fingerprint().machine()).distinct().count() > 1) {
      throw new IllegalArgumentException("runs must be of one machine: runs=" + runs);
    }
    return all.stream().flatMap(run -> run.rows().stream()).toList();
  }

  private static Verdict verdict(String parameter) {
    return Arrays.stream(Verdict.values())
        .filter(verdict -> parameter(verdict).equals(parameter))
        .findFirst()
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "only must be one of "
                        + Arrays.stream(Verdict.values()).map(ClaimsCommand::parameter).toList()
                        + ": only="
                        + parameter));
  }

  private static String parameter(Verdict verdict) {
    return verdict.toString().replace(' ', '-');
  }
}
