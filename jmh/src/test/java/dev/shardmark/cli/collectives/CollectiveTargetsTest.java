package dev.shardmark.cli.collectives;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.shardmark.collectives.Operation;
import dev.shardmark.results.targets.Outcome;
import dev.shardmark.results.targets.TargetTable;
import dev.shardmark.results.targets.Verdict;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.DoubleStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Verdicts on made-up figures. */
class CollectiveTargetsTest {
  private static final String BELOW = "all-reduce below 1 KiB";
  private static final String FROM = "all-reduce from 1 KiB";
  private static final String BOUND = "direct all-reduce, 16 to 64 MiB";
  private static final String BARRIER = "barrier";
  private static final String BESIDE = "barrier beside MPI's";
  private static final String BACKEND = "MPI back-end from 64 KiB";
  private static final String CROWDED = "longest call of 8 ranks on 2 cores";

  private final List<Figure> figures = new ArrayList<>();
  private final SortedMap<Side, String> absent = new TreeMap<>();
  private List<Double> roofGBs = List.of(20.0, 20.0, 20.0);

  @Test
  void everyTargetIsMetWhereEveryFigureReachesIt() {
    everythingIsFast();
    assertThat(judge()).hasSize(13).allMatch(outcome -> outcome.verdict() == Verdict.MET);
    assertThat(outcome(FROM).rows()).hasSize(18);
    assertThat(outcome("all-to-all, 1 KiB to 4 MiB").rows()).hasSize(7);
    assertThat(outcome("all-to-all, other sizes").rows()).hasSize(4);
    assertThat(outcome(BACKEND).rows()).hasSize(30);
    assertThat(outcome(CROWDED).rows()).hasSize(19);
    assertThat(new TargetTable(judge(), true).lines())
        .allMatch(line -> line.length() <= TargetTable.WIDTH)
        .contains("13 targets: 13 met, 0 missed, 0 not measured");
  }

  @Test
  void nothingIsMeasuredWithoutFigures() {
    absent.put(Side.MPI, "there is no mpicc here");
    assertThat(judge()).allMatch(outcome -> outcome.verdict() == Verdict.NOT_MEASURED);
    everythingIsFast();
    figures.removeIf(figure -> figure.side() == Side.MPI);
    assertThat(outcome(FROM).verdict()).isEqualTo(Verdict.NOT_MEASURED);
    assertThat(outcome(FROM).reasons()).containsExactly("MPI in C: there is no mpicc here");
    assertThat(outcome(BARRIER).verdict()).isEqualTo(Verdict.MET);
    assertThat(outcome(BESIDE).verdict()).isEqualTo(Verdict.NOT_MEASURED);
  }

  @ParameterizedTest
  @CsvSource({"100, 300, MET, 3.00x", "100.1, 300, MISSED, 2.99x", "400, 300, MISSED, 0.75x"})
  void oneSlowSizeIsAMiss(double oursNs, double theirsNs, Verdict verdict, String figure) {
    everythingIsFast();
    replace(Side.IN_PROCESS, Operation.ALL_REDUCE, 4096, true, oursNs);
    replace(Side.MPI, Operation.ALL_REDUCE, 4096, true, theirsNs);
    Outcome outcome = outcome(FROM);
    assertThat(outcome.verdict()).isEqualTo(verdict);
    assertThat(outcome.worst().orElseThrow().name()).isEqualTo("4K in place");
    assertThat(outcome.worst().orElseThrow().figure()).isEqualTo(figure);
    assertThat(outcome.count(Verdict.MET)).isEqualTo(verdict == Verdict.MET ? 18 : 17);
    assertThat(outcome(BELOW).verdict()).isEqualTo(Verdict.MET);
  }

  @Test
  void theMedianOfTheRoundsRatiosCounts() {
    everythingIsFast();
    replace(Side.IN_PROCESS, Operation.ALL_REDUCE, 4096, false, 100, 200, 900);
    replace(Side.MPI, Operation.ALL_REDUCE, 4096, false, 300, 620, 900); // 3x, 3.1x, 1x
    assertThat(outcome(FROM).worst().orElseThrow().figure()).isEqualTo("3.00x");
    assertThat(outcome(FROM).verdict()).isEqualTo(Verdict.MET);
  }

  @ParameterizedTest
  @CsvSource({"100, MET, 100.0 ns", "100.01, MISSED, 100.1 ns"})
  void aBarrierHasALimitOfItsOwn(double ns, Verdict verdict, String figure) {
    everythingIsFast();
    replace(Side.IN_PROCESS, Operation.BARRIER, 0, true, ns);
    replace(Side.MPI, Operation.BARRIER, 0, true, 1000);
    assertThat(outcome(BARRIER).verdict()).isEqualTo(verdict);
    assertThat(outcome(BARRIER).worst().orElseThrow().figure()).isEqualTo(figure);
    assertThat(outcome(BESIDE).verdict()).isEqualTo(Verdict.MET);
    replace(Side.MPI, Operation.BARRIER, 0, true, 150);
    assertThat(outcome(BESIDE).verdict()).isEqualTo(Verdict.MISSED);
  }

  /** 20 GB/s copied are 30 GB/s that cross: 16 MiB in place, 4 crossings, take 2.24 ms at least. */
  @ParameterizedTest
  @CsvSource({"false, 3, MET", "false, 4.2, MISSED", "true, 2.3, MET", "true, 3, MISSED"})
  void aStoreOutOfPlaceCrossesTwice(boolean inPlace, double ms, Verdict verdict) {
    everythingIsFast();
    replace(Side.DIRECT, Operation.ALL_REDUCE, 16 << 20, inPlace, ms * 1e6);
    assertThat(outcome(BOUND).verdict()).isEqualTo(verdict);
    roofGBs = List.of();
    assertThat(outcome(BOUND).reasons()).containsExactly("no roof was measured");
  }

  @ParameterizedTest
  @CsvSource({"110, MET", "111, MISSED"})
  void theBackEndMayTakeATenthLonger(double ns, Verdict verdict) {
    everythingIsFast();
    replace(Side.MPI_BACKEND, Operation.BROADCAST, 64 << 10, true, ns);
    replace(Side.MPI_SAME_CALLS, Operation.BROADCAST, 64 << 10, true, 100);
    assertThat(outcome(BACKEND).verdict()).isEqualTo(verdict);
    assertThat(outcome(BACKEND).worst().orElseThrow().name()).isEqualTo("broadcast 64K in place");
  }

  @Test
  void theLongestCallOfManyRanksCounts() {
    everythingIsFast();
    figures.removeIf(figure -> isAt(figure, Side.CROWDED, Operation.REDUCE, 1024, true));
    Sample hiccup = new Sample(100, 100, 200, 200_000);
    figures.add(new Figure(Side.CROWDED, "reduce", 1024, true, "x", List.of(hiccup), null));
    assertThat(outcome(CROWDED).verdict()).isEqualTo(Verdict.MISSED);
    assertThat(outcome(CROWDED).worst().orElseThrow().name()).isEqualTo("reduce 1K in place");
  }

  @Test
  void whatIsWrongOrDoesNotFinishIsAMiss() {
    everythingIsFast();
    figures.removeIf(figure -> isAt(figure, Side.CROWDED, Operation.BARRIER, 0, true));
    figures.add(new Figure(Side.CROWDED, "barrier", 0, true, "x", List.of(), "rank 3 is late"));
    assertThat(outcome(CROWDED).verdict()).isEqualTo(Verdict.MISSED);
    assertThat(outcome(CROWDED).reasons()).containsExactly("rank 3 is late");
  }

  @Test
  void figuresAreReadAsTheyWereWritten(@TempDir Path folder) throws IOException {
    everythingIsFast();
    absent.put(Side.MPI_BACKEND, "not built");
    Path file = folder.resolve("figures.json");
    Figures written = new Figures(Figures.FORMAT, figures, roofGBs, List.of(90.0), absent);
    written.write(file);
    assertThat(Figures.read(file)).isEqualTo(written);
    Files.writeString(file, "{\"format\": 3");
    assertThatThrownBy(() -> Figures.read(file))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("the file must be what --out wrote");
  }

  /** A sweep's file, with figures made up. */
  @Test
  void aSweepOfTheBackEndIsReadInNanoseconds() throws PeerAbsentException {
    String sweep =
        """
        {"version": 3, "results": [{
          "op": "all_reduce", "algorithm": "mpi", "ranks": 2, "backend": "mpi", "size": 65536,
          "out_of_place": {"time": 24.5, "alg_bw": 2.7, "nwrong": 0},
          "out_of_place_per_iter": {"p50": 25, "p99": 30.5, "max": 99}}]}
        """;
    assertThat(MpiBackend.read(sweep, false))
        .containsExactly(Map.entry(65536L, new Sample(24_500, 25_000, 30_500, 99_000)));
    assertThatThrownBy(() -> MpiBackend.read("{\"results\": [{\"wrong\": \"rank 0\"}]}", false))
        .hasMessage("its result is wrong: rank 0");
    assertThatThrownBy(() -> MpiBackend.read("#", false)).hasMessageContaining("no JSON");
  }

  private void everythingIsFast() {
    figures.clear();
    add(Side.IN_PROCESS, Operation.BARRIER, 0, true, 50);
    add(Side.MPI, Operation.BARRIER, 0, true, 150);
    for (Operation op : Sizes.COMPARED) {
      for (long bytes : Sizes.of(op)) {
        for (boolean inPlace : Sizes.places(op)) {
          add(Side.IN_PROCESS, op, bytes, inPlace, 100);
          add(Side.MPI, op, bytes, inPlace, 400);
        }
      }
    }
    for (long bytes : Sizes.OF_BOUND) {
      add(Side.DIRECT, Operation.ALL_REDUCE, bytes, false, bytes / 5);
      add(Side.DIRECT, Operation.ALL_REDUCE, bytes, true, bytes / 7);
    }
    for (Operation op : Sizes.BACKEND) {
      for (long bytes : Sizes.OF_BACKEND) {
        add(Side.MPI_BACKEND, op, bytes, Sizes.isOnlyInPlace(op), 105);
        add(Side.MPI_SAME_CALLS, op, bytes, Sizes.isOnlyInPlace(op), 100);
      }
    }
    for (Operation op : Sizes.CROWDED) {
      for (long bytes : Sizes.ofCrowded(op)) {
        add(Side.CROWDED, op, bytes, Sizes.isOnlyInPlace(op), 5000);
        add(Side.ROOMY, op, bytes, Sizes.isOnlyInPlace(op), 100);
      }
    }
  }

  private void replace(Side side, Operation op, long bytes, boolean inPlace, double... roundsNs) {
    figures.removeIf(figure -> isAt(figure, side, op, bytes, inPlace));
    add(side, op, bytes, inPlace, roundsNs);
  }

  private void add(Side side, Operation op, long bytes, boolean inPlace, double... roundsNs) {
    List<Sample> rounds =
        DoubleStream.of(roundsNs).mapToObj(ns -> new Sample(ns, ns, ns, ns)).toList();
    List<Sample> three = roundsNs.length == 1 ? Collections.nCopies(3, rounds.get(0)) : rounds;
    figures.add(new Figure(side, op.parameter(), bytes, inPlace, "direct", three, null));
  }

  private static boolean isAt(Figure figure, Side side, Operation op, long bytes, boolean inPlace) {
    return figure.side() == side
        && figure.op().equals(op.parameter())
        && figure.bytes() == bytes
        && figure.inPlace() == inPlace;
  }

  private List<Outcome> judge() {
    return new CollectiveTargets(
            new Figures(Figures.FORMAT, figures, roofGBs, List.of(90.0), absent))
        .judge();
  }

  private Outcome outcome(String what) {
    return judge().stream().filter(one -> one.what().equals(what)).findFirst().orElseThrow();
  }
}
