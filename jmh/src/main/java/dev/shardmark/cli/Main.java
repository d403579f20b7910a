package dev.shardmark.cli;

import java.io.PrintWriter;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/**
 * The command line. Exit codes: 0 fine, 1 a strict check failed, 2 usage or I/O, 3 nothing
 * measured.
 */
@Command(
    name = "shardmark",
    mixinStandardHelpOptions = true,
    version = "shardmark 0.1.0-SNAPSHOT",
    description = "What does each way of splitting a large language model cost, on this machine?",
    footer = {
      "",
      "Examples:",
      "  shardmark doctor",
      "  shardmark bench --preset quick",
      "  shardmark bench --preset smoke --filter TensorParallel -p model=llama-3.1-70b",
      "  shardmark report results/runs/RUN.json"
    },
    subcommands = {
      DoctorCommand.class,
      BenchCommand.class,
      CollectivesCommand.class,
      SweepCommand.class,
      TargetsCommand.class,
      ClaimsCommand.class,
      ReportCommand.class,
      JmhCommand.class
    })
public final class Main {
  /** Nothing was measured, or nothing can be said. */
  static final int NOTHING_MEASURED = 3;

  /** A target is missed, where a strict verdict was asked for. */
  static final int MISSED = 1;

  private Main() {}

  /** Runs one command and exits with its code. */
  public static void main(String[] args) {
    System.exit(run(new PrintWriter(System.out, true), new PrintWriter(System.err, true), args));
  }

  /** Runs one command and returns its exit code. */
  static int run(PrintWriter out, PrintWriter err, String... args) {
    CommandLine shardmark = new CommandLine(new Main());
    shardmark.getSubcommands().get("jmh").setUnmatchedOptionsArePositionalParams(true);
    return shardmark
        .setOut(out)
        .setErr(err)
        .setExecutionExceptionHandler(Main::refuse)
        .setParameterExceptionHandler(Main::correct)
        .execute(args);
  }

  /** A wrong command line is one sentence too. */
  private static int correct(CommandLine.ParameterException e, String[] args) {
    CommandLine command = e.getCommandLine();
    String help = "; see " + command.getCommandSpec().qualifiedName() + " --help";
    command.getErr().println(e.getMessage().lines().findFirst().orElse("") + help);
    return CommandLine.ExitCode.USAGE;
  }

  /** Bad input and bad files are one sentence; anything else is a defect and keeps its trace. */
  private static int refuse(Exception e, CommandLine command, CommandLine.ParseResult result)
      throws Exception {
    if (e instanceof IllegalArgumentException || Refusals.isRefusal(e)) {
      command.getErr().println(e.getMessage());
      return CommandLine.ExitCode.USAGE;
    }
    throw e;
  }
}
