package dev.shardmark.cli;

import dev.shardmark.collectives.mpi.Mpi;
import dev.shardmark.collectives.mpi.MpiGroup;
import java.io.PrintWriter;
import java.util.concurrent.Callable;
import java.util.function.Consumer;
import picocli.CommandLine;

/**
 * This process as one rank of an MPI job. Rank 0 speaks for all, and a rank that fails ends all:
 * the others would wait for it for ever.
 */
final class MpiProcess {
  private static final PrintWriter SILENCE = new PrintWriter(PrintWriter.nullWriter());

  private final Mpi mpi;
  private final MpiGroup group;
  private final PrintWriter err;

  private MpiProcess(Mpi mpi, PrintWriter err) {
    this.mpi = mpi;
    this.err = err;
    group = new MpiGroup(mpi);
  }

  /** What a rank does; its result is the exit code. */
  @FunctionalInterface
  interface Job {
    int run(MpiProcess process) throws Exception;
  }

  /**
   * Starts MPI, runs the job and ends MPI, on the thread that calls. The code is rank 0's: mpirun
   * ends a job at the first other than 0, and rank 0 may have more to say by then.
   *
   * @param check throws on all ranks alike if the job is not to be run
   * @throws IllegalArgumentException that of the check, on rank 0
   */
  static int run(Consumer<MpiGroup> check, Job job, PrintWriter err) {
    Mpi mpi = Mpi.start();
    MpiProcess process = new MpiProcess(mpi, err);
    try {
      check.accept(process.group());
    } catch (IllegalArgumentException e) {
      mpi.close();
      if (process.speaks()) {
        throw e;
      }
      return 0;
    }
    int code = process.runOrAbort(() -> job.run(process));
    mpi.close();
    return process.speaks() ? code : 0;
  }

  private int runOrAbort(Callable<Integer> job) {
    try {
      return job.call();
    } catch (Exception | Error e) {
      boolean refused = e instanceof Exception exception && Refusals.isRefusal(exception);
      err.println("rank " + group.rank() + " failed: " + (refused ? e.getMessage() : e));
      if (!refused) {
        e.printStackTrace(err);
      }
      err.flush();
      mpi.abort(refused ? CommandLine.ExitCode.USAGE : CommandLine.ExitCode.SOFTWARE);
      throw new IllegalStateException("MPI goes on after its end", e);
    }
  }

  MpiGroup group() {
    return group;
  }

  /** What the library says it is. */
  String version() {
    return mpi.version();
  }

  /** Whether this is the rank that prints and writes files. */
  boolean speaks() {
    return group.rank() == 0;
  }

  /** Where this rank prints: nowhere, unless it speaks for all. */
  PrintWriter out(PrintWriter out) {
    return speaks() ? out : SILENCE;
  }
}
