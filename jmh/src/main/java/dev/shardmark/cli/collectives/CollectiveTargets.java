package dev.shardmark.cli.collectives;

import static dev.shardmark.cli.collectives.Goal.Unit.NS;
import static dev.shardmark.cli.collectives.Goal.Unit.PERCENT;
import static dev.shardmark.cli.collectives.Goal.Unit.TIMES;

import dev.shardmark.collectives.Operation;
import dev.shardmark.results.targets.Outcome;
import dev.shardmark.results.targets.Verdict;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.IntToDoubleFunction;
import java.util.function.LongPredicate;
import java.util.function.ToDoubleBiFunction;
import java.util.stream.IntStream;

/**
 * The targets of collectives, and what figures say about them.
 *
 * <p>Samples of one round are compared with each other; the median over the rounds counts, since a
 * machine is not equally fast all the time.
 */
public final class CollectiveTargets {
  /** What crosses for a byte that a copy counts: a line that is stored is fetched first. */
  private static final double COPY_TRAFFIC = 1.5;

  private static final String PEER = "MPI in C";

  private final Figures figures;

  public CollectiveTargets(Figures figures) {
    this.figures = figures;
  }

  /** The judgement on each target. */
  public List<Outcome> judge() {
    List<Outcome> outcomes = new ArrayList<>();
    outcomes.add(faster("all-reduce below 1 KiB", 1, Operation.ALL_REDUCE, s -> s < 1 << 10));
    outcomes.add(faster("all-reduce from 1 KiB", 3, Operation.ALL_REDUCE, s -> s >= 1 << 10));
    for (Operation op :
        List.of(Operation.ALL_TO_ALL, Operation.ALL_GATHER, Operation.REDUCE_SCATTER)) {
      String name = op.parameter().replace('_', '-');
      outcomes.add(faster(name + ", 1 KiB to 4 MiB", 2, op, CollectiveTargets::isMiddle));
      outcomes.add(faster(name + ", other sizes", 1, op, s -> !isMiddle(s)));
    }
    outcomes.add(bound());
    outcomes.add(barrierTime());
    outcomes.add(
        compared(
            "barrier beside MPI's",
            Goal.atMost(0.6, TIMES, PEER),
            List.of(new Row(Side.IN_PROCESS, Side.MPI, Operation.BARRIER, 0, true)),
            (ours, theirs) -> ours.timeNs() / theirs.timeNs()));
    outcomes.add(backend());
    outcomes.add(crowded());
    return outcomes;
  }

  private record Row(Side ours, Side theirs, Operation op, long bytes, boolean inPlace) {
    String name(boolean withOp) {
      String size = Figure.name(bytes, inPlace);
      return (withOp ? op.parameter() + " " + size : size).strip();
    }
  }

  private static boolean isMiddle(long bytes) {
    return bytes >= 1 << 10 && bytes <= 4 << 20;
  }

  private Outcome faster(String what, double times, Operation op, LongPredicate sizes) {
    List<Row> rows = new ArrayList<>();
    for (long bytes : Sizes.of(op)) {
      for (boolean inPlace : Sizes.places(op)) {
        if (sizes.test(bytes)) {
          rows.add(new Row(Side.IN_PROCESS, Side.MPI, op, bytes, inPlace));
        }
      }
    }
    Goal goal = Goal.atLeast(times, TIMES, PEER);
    return compared(what, goal, rows, (ours, theirs) -> theirs.timeNs() / ours.timeNs());
  }

  private Outcome backend() {
    List<Row> rows = new ArrayList<>();
    for (Operation op : Sizes.BACKEND) {
      for (long bytes : Sizes.OF_BACKEND) {
        rows.add(
            new Row(Side.MPI_BACKEND, Side.MPI_SAME_CALLS, op, bytes, Sizes.isOnlyInPlace(op)));
      }
    }
    Goal goal = Goal.atMost(1.1, TIMES, "same in C");
    return compared(
        "MPI back-end from 64 KiB", goal, rows, (ours, theirs) -> ours.timeNs() / theirs.timeNs());
  }

  /** The longest call of all rounds over the median of two ranks. */
  private Outcome crowded() {
    List<Row> rows = new ArrayList<>();
    for (Operation op : Sizes.CROWDED) {
      for (long bytes : Sizes.ofCrowded(op)) {
        rows.add(new Row(Side.CROWDED, Side.ROOMY, op, bytes, Sizes.isOnlyInPlace(op)));
      }
    }
    Goal goal = Goal.atMost(100, TIMES, "2 ranks");
    List<Outcome.Line> lines = new ArrayList<>();
    for (Row row : rows) {
      lines.add(
          line(
              row,
              goal,
              (ours, theirs) -> {
                double longest = longest(ours);
                double usual =
                    median(theirs.rounds().size(), i -> theirs.rounds().get(i).medianNs());
                return new Found(longest / usual, micros(longest) + ", 2 ranks " + micros(usual));
              }));
    }
    return new Outcome("longest call of 8 ranks on 2 cores", goal.toString(), lines);
  }

  private static double longest(Figure figure) {
    return figure.rounds().stream().mapToDouble(Sample::longestNs).max().orElseThrow();
  }

  private Outcome barrierTime() {
    Goal goal = Goal.atMost(100, NS, "");
    Row row = new Row(Side.IN_PROCESS, Side.IN_PROCESS, Operation.BARRIER, 0, true);
    Outcome.Line line =
        line(
            row,
            goal,
            (ours, same) -> {
              double ns = median(ours.rounds().size(), i -> ours.rounds().get(i).timeNs());
              return new Found(ns, ours.algorithm() + bareFlags());
            });
    return new Outcome("barrier", goal.toString(), List.of(line));
  }

  /** What a barrier cannot be faster than, on cores as far apart as these. */
  private String bareFlags() {
    int rounds = figures.signalNs().size();
    return rounds == 0
        ? ""
        : String.format(
            Locale.ROOT, ", bare flags %.1f ns", median(rounds, i -> figures.signalNs().get(i)));
  }

  /**
   * Bytes that have to cross to and from memory in the time of a call, over what crossed in the
   * copy. In place each buffer is loaded and stored; out of place a stored line is also fetched
   * first, as in the copy.
   */
  private Outcome bound() {
    Goal goal = Goal.atLeast(0.85, PERCENT, "of memory");
    List<Outcome.Line> lines = new ArrayList<>();
    for (long bytes : Sizes.OF_BOUND) {
      for (boolean inPlace : Sizes.places(Operation.ALL_REDUCE)) {
        Row row = new Row(Side.DIRECT, Side.DIRECT, Operation.ALL_REDUCE, bytes, inPlace);
        double crossing = 2.0 * bytes * (inPlace ? 2 : 3);
        lines.add(
            line(
                row,
                goal,
                (ours, same) -> {
                  int rounds = Math.min(ours.rounds().size(), figures.roofGBs().size());
                  double share =
                      median(
                          rounds,
                          i ->
                              crossing
                                  / ours.rounds().get(i).timeNs()
                                  / (COPY_TRAFFIC * figures.roofGBs().get(i)));
                  double roof = median(rounds, i -> COPY_TRAFFIC * figures.roofGBs().get(i));
                  return new Found(
                      share, String.format(Locale.ROOT, "of %.1f GB/s that cross", roof));
                }));
      }
    }
    return new Outcome("direct all-reduce, 16 to 64 MiB", goal.toString(), lines);
  }

  private Outcome compared(
      String what, Goal goal, List<Row> rows, ToDoubleBiFunction<Sample, Sample> ratio) {
    List<Outcome.Line> lines =
        rows.stream()
            .map(row -> line(row, goal, (ours, theirs) -> found(ours, theirs, ratio)))
            .toList();
    return new Outcome(what, goal.toString(), lines);
  }

  private static Found found(Figure ours, Figure theirs, ToDoubleBiFunction<Sample, Sample> ratio) {
    int rounds = Math.min(ours.rounds().size(), theirs.rounds().size());
    double figure =
        median(rounds, i -> ratio.applyAsDouble(ours.rounds().get(i), theirs.rounds().get(i)));
    String detail =
        micros(median(rounds, i -> ours.rounds().get(i).timeNs()))
            + (ours.algorithm() == null ? "" : " " + ours.algorithm())
            + ", "
            + theirs.side()
            + " "
            + micros(median(rounds, i -> theirs.rounds().get(i).timeNs()));
    return new Found(figure, detail);
  }

  private record Found(double figure, String detail) {}

  /** Compares two figures, both with rounds. */
  private interface Comparison {
    Found of(Figure ours, Figure theirs);
  }

  /** A wrong result is a miss; a figure that is not there is none. */
  private Outcome.Line line(Row row, Goal goal, Comparison comparison) {
    String name = row.name(row.ours() == Side.CROWDED || row.ours() == Side.MPI_BACKEND);
    Optional<Figure> ours = figure(row, row.ours());
    Optional<Figure> theirs = figure(row, row.theirs());
    if (ours.isPresent() && ours.get().fault() != null) {
      return noFigure(name, Verdict.MISSED, ours.get().fault());
    }
    for (Side side : List.of(row.ours(), row.theirs())) {
      Optional<Figure> one = side == row.ours() ? ours : theirs;
      if (one.isEmpty() || one.get().rounds().isEmpty()) {
        return noFigure(name, Verdict.NOT_MEASURED, side + ": " + why(side, one));
      }
    }
    if (row.ours() == Side.DIRECT && figures.roofGBs().isEmpty()) {
      return noFigure(name, Verdict.NOT_MEASURED, "no roof was measured");
    }
    Found found = comparison.of(ours.orElseThrow(), theirs.orElseThrow());
    return new Outcome.Line(
        name,
        goal.margin(found.figure()),
        goal.text(found.figure()),
        found.detail(),
        goal.isMet(found.figure()) ? Verdict.MET : Verdict.MISSED,
        null);
  }

  private String why(Side side, Optional<Figure> figure) {
    String absent = figures.absent().getOrDefault(side, "this run left the size out");
    return figure.map(Figure::fault).orElse(absent);
  }

  private Optional<Figure> figure(Row row, Side side) {
    return figures.find(side, row.op().parameter(), row.bytes(), row.inPlace());
  }

  private static Outcome.Line noFigure(String name, Verdict verdict, String reason) {
    return new Outcome.Line(name, Double.NaN, "-", "", verdict, reason);
  }

  private static double median(int rounds, IntToDoubleFunction ofRound) {
    double[] sorted = IntStream.range(0, rounds).mapToDouble(ofRound).toArray();
    Arrays.sort(sorted);
    return (sorted[(rounds - 1) / 2] + sorted[rounds / 2]) / 2;
  }

  private static String micros(double ns) {
    return String.format(Locale.ROOT, ns < 1e4 ? "%.3f us" : "%.1f us", ns / 1e3);
  }
}
