package dev.shardmark.cli.collectives;

import dev.shardmark.collectives.Algorithm;
import dev.shardmark.collectives.CollectiveException;
import dev.shardmark.collectives.Operation;
import dev.shardmark.collectives.RankGroup;
import dev.shardmark.collectives.ReduceOp;
import dev.shardmark.collectives.allreduce.DirectAllReduce;
import dev.shardmark.collectives.sweep.Effort;
import dev.shardmark.collectives.sweep.Exercises;
import dev.shardmark.collectives.sweep.MemoryRoof;
import dev.shardmark.collectives.sweep.SignalRoof;
import dev.shardmark.collectives.sweep.Sweep;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Measures all that the targets compare, in turns: a size on one side, the same on the other, and
 * again. Nothing else runs meanwhile; what is not measured sleeps.
 */
public final class Measurement {
  private static final Duration DEADLINE = Duration.ofMinutes(1);
  private static final int RANKS = 2;
  private static final int MANY_RANKS = 8;

  private final Extent extent;
  private final Path folder;
  private final PrintWriter progress;
  private final FigureBook book = new FigureBook();
  private final List<Double> roofGBs = new ArrayList<>();
  private final List<Double> signalNs = new ArrayList<>();
  private final SortedMap<Side, String> absent = new TreeMap<>();
  private final Effort effort;
  private final Candidates candidates;

  /**
   * How much is measured.
   *
   * @param rounds turns of each side
   * @param seconds for a size and a place, a third each to warm up, back to back, one by one
   * @param maxBytes larger sizes are left out
   */
  public record Extent(int rounds, double seconds, long maxBytes) {
    public Extent {
      if (rounds < 1 || !(seconds > 0) || seconds > 60) {
        throw new IllegalArgumentException(
            "rounds must be at least 1, seconds above 0, at most 60: rounds="
                + rounds
                + " seconds="
                + seconds);
      }
    }

    Effort effort(double part) {
      long thirdNs = Math.max(1, (long) (seconds * part * 1e9 / 3));
      return new Effort(thirdNs, thirdNs, 5, Effort.USUAL.most());
    }
  }

  /**
   * A measurement.
   *
   * @param folder empty, for what it builds
   * @param progress is told what was measured
   */
  public Measurement(Extent extent, Path folder, PrintWriter progress) {
    this.extent = extent;
    this.folder = folder;
    this.progress = progress;
    effort = extent.effort(1);
    candidates = new Candidates(extent.effort(0.1), DEADLINE);
  }

  /** Measures everything. */
  public Figures measure() throws IOException {
    try (MpiLoop mpi = MpiLoop.start(folder, effort)) {
      measure(mpi);
    } catch (PeerAbsentException e) {
      progress.println(e.getMessage());
      absent.put(Side.MPI, e.getMessage());
      absent.put(Side.MPI_SAME_CALLS, e.getMessage());
      absent.put(Side.MPI_BACKEND, e.getMessage());
      measure(null);
    }
    return new Figures(Figures.FORMAT, book.figures(), roofGBs, signalNs, absent);
  }

  private void measure(MpiLoop mpi) throws IOException {
    compare(mpi, Operation.BARRIER, 0);
    for (Operation op : Sizes.COMPARED) {
      for (long bytes : Sizes.of(op)) {
        if (bytes <= extent.maxBytes()) {
          compare(mpi, op, bytes);
        }
      }
    }
    bound();
    crowd();
    if (mpi != null) {
      try {
        backend(mpi);
      } catch (PeerAbsentException e) {
        progress.println(e.getMessage());
        absent.put(Side.MPI_BACKEND, e.getMessage());
      }
    }
  }

  private void compare(MpiLoop mpi, Operation op, long bytes) throws IOException {
    Algorithm fastest = candidates.fastest(op, bytes);
    try (RankGroup group = RankGroup.open(RANKS, DEADLINE, fastest)) {
      group.pin();
      Sweep sweep = new Sweep(group, Exercises.of(op, ReduceOp.SUM, 0), effort);
      for (int round = 0; round < extent.rounds(); round++) {
        if (op == Operation.BARRIER) {
          signalNs.add(SignalRoof.exchangeNs(group));
        }
        book.add(Side.IN_PROCESS, bytes, sweep.at(bytes, true));
        for (boolean inPlace : Sizes.places(op)) {
          time(mpi, Side.MPI, op, op.parameter(), bytes, inPlace);
        }
      }
    } catch (CollectiveException e) {
      book.fail(Side.IN_PROCESS, op.parameter(), bytes, fastest.parameter(), e.getMessage());
    }
    for (boolean inPlace : Sizes.places(op)) {
      tell(Side.IN_PROCESS, Side.MPI, op, bytes, inPlace, fastest.parameter());
    }
  }

  /** A peer that fails once is not asked again. */
  private void time(
      MpiLoop mpi, Side side, Operation op, String called, long bytes, boolean inPlace)
      throws IOException {
    if (mpi == null || absent.containsKey(side)) {
      return;
    }
    try {
      book.add(side, op.parameter(), bytes, inPlace, mpi.time(called, bytes, inPlace));
    } catch (PeerAbsentException e) {
      progress.println(e.getMessage());
      absent.put(side, e.getMessage());
    }
  }

  private void bound() {
    try (RankGroup group = RankGroup.open(RANKS, DEADLINE, new DirectAllReduce())) {
      group.pin();
      Sweep sweep = new Sweep(group, Exercises.of(Operation.ALL_REDUCE, ReduceOp.SUM, 0), effort);
      for (int round = 0; round < extent.rounds(); round++) {
        roofGBs.add(MemoryRoof.copyGBs(group));
        progress.printf(Locale.ROOT, "two cores copy %.1f GB/s%n", roofGBs.getLast());
        for (long bytes : Sizes.OF_BOUND) {
          if (bytes <= extent.maxBytes()) {
            book.add(Side.DIRECT, bytes, sweep.at(bytes, true));
          }
        }
      }
    } catch (CollectiveException e) {
      for (long bytes : Sizes.OF_BOUND) {
        book.fail(Side.DIRECT, Operation.ALL_REDUCE.parameter(), bytes, "direct", e.getMessage());
      }
    }
  }

  private void crowd() {
    for (Operation op : Sizes.CROWDED) {
      for (long bytes : Sizes.ofCrowded(op)) {
        if (bytes <= extent.maxBytes()) {
          usual(Side.ROOMY, RANKS, op, bytes);
          usual(Side.CROWDED, MANY_RANKS, op, bytes);
          tell(Side.CROWDED, Side.ROOMY, op, bytes, Sizes.isOnlyInPlace(op), "");
        }
      }
    }
  }

  private void usual(Side side, int ranks, Operation op, long bytes) {
    try (RankGroup group = RankGroup.open(ranks, DEADLINE)) {
      group.pin();
      book.add(
          side, bytes, new Sweep(group, Exercises.of(op, ReduceOp.SUM, 0), effort).at(bytes, true));
    } catch (CollectiveException e) {
      book.fail(side, op.parameter(), bytes, null, e.getMessage());
    }
  }

  private void backend(MpiLoop mpi) throws PeerAbsentException, IOException {
    MpiBackend backend = new MpiBackend(folder, extent.seconds());
    List<Long> sizes = Sizes.OF_BACKEND.stream().filter(b -> b <= extent.maxBytes()).toList();
    if (sizes.isEmpty()) {
      return;
    }
    for (Operation op : Sizes.BACKEND) {
      boolean inPlace = Sizes.isOnlyInPlace(op);
      for (int round = 0; round < extent.rounds(); round++) {
        Map<Long, Sample> samples = backend.sweep(op, sizes);
        for (long bytes : sizes) {
          if (samples.containsKey(bytes)) {
            book.add(Side.MPI_BACKEND, op.parameter(), bytes, inPlace, samples.get(bytes));
          }
          time(mpi, Side.MPI_SAME_CALLS, op, Sizes.calledByBackend(op), bytes, inPlace);
        }
      }
      for (long bytes : sizes) {
        tell(Side.MPI_BACKEND, Side.MPI_SAME_CALLS, op, bytes, inPlace, "");
      }
    }
  }

  private void tell(
      Side ours, Side theirs, Operation op, long bytes, boolean inPlace, String algorithm) {
    progress.printf(
        Locale.ROOT,
        "%s: %s %s%s, %s %s%n",
        (op.parameter() + " " + Figure.name(bytes, inPlace)).strip(),
        ours,
        algorithm.isEmpty() ? "" : algorithm + " ",
        last(ours, op, bytes, inPlace),
        theirs,
        last(theirs, op, bytes, inPlace));
  }

  private String last(Side side, Operation op, long bytes, boolean inPlace) {
    return book.last(side, op.parameter(), bytes, inPlace)
        .map(sample -> String.format(Locale.ROOT, "%.3f us", sample.timeNs() / 1e3))
        .orElse("-");
  }
}
