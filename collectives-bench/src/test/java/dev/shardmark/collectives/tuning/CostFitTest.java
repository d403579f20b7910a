package dev.shardmark.collectives.tuning;

import static dev.shardmark.collectives.Operation.ALL_GATHER;
import static dev.shardmark.collectives.Operation.ALL_REDUCE;
import static dev.shardmark.collectives.Operation.BROADCAST;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.shardmark.collectives.AlgorithmNames;
import dev.shardmark.collectives.Operation;
import dev.shardmark.collectives.sweep.Exercises;
import dev.shardmark.collectives.sweep.SweepPoint;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.function.DoubleUnaryOperator;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CostFitTest {
  private static final double ALPHA = 120;
  private static final double BETA = 0.08;
  private static final double GAMMA = 0.05;

  private static List<SweepPoint> points(
      Operation operation, String algorithm, int ranks, long most, DoubleUnaryOperator noise) {
    return LongStream.iterate(4, bytes -> bytes <= most, bytes -> 4 * bytes)
        .mapToObj(bytes -> Points.of(operation, algorithm, ranks, bytes, 1))
        .filter(point -> point.count() > 0)
        .map(point -> at(point, noise.applyAsDouble(Points.modelNs(point, ALPHA, BETA, GAMMA))))
        .toList();
  }

  private static SweepPoint at(SweepPoint point, double ns) {
    return Points.of(
        Exercises.operation(point.operation()),
        point.algorithm(),
        point.ranks(),
        point.bytes(),
        ns);
  }

  private static double price(CostFit fit, Cost cost) {
    return fit.term(cost).orElseThrow().ns();
  }

  /** Sent and combined are as 2 (p - 1) / p to (p - 1) / p, or as lg p to lg p. */
  @ParameterizedTest
  @CsvSource({
    "ring, 4, 0.5",
    "ring, 2, 0.5",
    "recursive_doubling, 4, 1",
    "one_shot, 2, 1",
    "direct, 3, 0.5",
    "rabenseifner, 8, 0.5"
  })
  void exactTimesGiveTheirCosts(String algorithm, int ranks, double combinedPerSent) {
    CostFit fit =
        CostFit.of(points(ALL_REDUCE, algorithm, ranks, 64 << 20, ns -> ns)).orElseThrow();
    assertThat(fit.terms())
        .extracting(CostFit.Term::costs)
        .containsExactly(List.of(Cost.ALPHA), List.of(Cost.BETA, Cost.GAMMA));
    assertThat(price(fit, Cost.ALPHA)).isCloseTo(ALPHA, within(0.02 * ALPHA));
    double both = BETA + GAMMA * combinedPerSent;
    assertThat(price(fit, Cost.BETA)).isCloseTo(both, within(0.01 * both));
    assertThat(fit.worst().relative()).isBetween(-0.01, 0.01); // chunks are uneven at first
    assertThat(fit.sentence())
        .startsWith("alpha 12")
        .contains(" ns a step, beta + gamma 0.1", " ns a byte sent; off by at most ");
  }

  @Test
  void whatCombinesNothingHasNoGamma() {
    CostFit fit = CostFit.of(points(ALL_GATHER, "ring", 4, 64 << 20, ns -> ns)).orElseThrow();
    assertThat(fit.term(Cost.GAMMA)).isEmpty();
    assertThat(price(fit, Cost.ALPHA)).isCloseTo(ALPHA, within(1e-6));
    assertThat(price(fit, Cost.BETA)).isCloseTo(BETA, within(1e-9));
    assertThat(fit.residuals()).allMatch(r -> Math.abs(r.relative()) < 1e-9);
  }

  @Test
  void noiseMovesCostsByAboutAsMuch() {
    SplittableRandom random = new SplittableRandom(7);
    CostFit fit =
        CostFit.of(
                points(
                    BROADCAST,
                    "binomial",
                    8,
                    64 << 20,
                    ns -> ns * (0.9 + 0.2 * random.nextDouble())))
            .orElseThrow();
    assertThat(price(fit, Cost.ALPHA)).isCloseTo(ALPHA, within(0.1 * ALPHA));
    assertThat(price(fit, Cost.BETA)).isCloseTo(BETA, within(0.1 * BETA));
    assertThat(Math.abs(fit.worst().relative())).isBetween(0.02, 0.2);
  }

  /** A plain least-squares line through these has alpha or beta below 0. */
  @Test
  void noCostIsBelowZero() {
    List<SweepPoint> bent =
        List.of(
            Points.of(ALL_GATHER, "ring", 2, 1024, 10),
            Points.of(ALL_GATHER, "ring", 2, 2048, 40),
            Points.of(ALL_GATHER, "ring", 2, 4096, 160));
    CostFit convex = CostFit.of(bent).orElseThrow();
    assertThat(price(convex, Cost.ALPHA)).isZero();
    assertThat(price(convex, Cost.BETA)).isPositive();
    List<SweepPoint> falling =
        List.of(
            Points.of(ALL_GATHER, "ring", 2, 1024, 400),
            Points.of(ALL_GATHER, "ring", 2, 4096, 100));
    CostFit flat = CostFit.of(falling).orElseThrow();
    assertThat(price(flat, Cost.BETA)).isZero();
    assertThat(price(flat, Cost.ALPHA)).isBetween(100.0, 400.0);
  }

  @Test
  void oneSizeTellsOnlyTheWhole() {
    CostFit fit = CostFit.of(points(ALL_REDUCE, "ring", 4, 4, ns -> 600)).orElseThrow();
    assertThat(fit.terms())
        .singleElement()
        .extracting(CostFit.Term::costs)
        .isEqualTo(List.of(Cost.ALPHA, Cost.BETA, Cost.GAMMA));
    assertThat(price(fit, Cost.ALPHA)).isCloseTo(100, within(1e-9)); // of 6 steps
    assertThat(fit.worst().relative()).isCloseTo(0, within(1e-12));
  }

  @Test
  void withoutStepsOrBytesThereIsNothingToFit() {
    assertThat(CostFit.of(List.of())).isEmpty();
    assertThat(CostFit.of(List.of(Points.of(ALL_REDUCE, "ring", 1, 4, 10)))).isEmpty();
    assertThat(CostFit.of(List.of(Points.of(ALL_REDUCE, "auto", 2, 4, 10)))).isEmpty();
    assertThat(CostFit.of(List.of(Points.of(ALL_REDUCE, "ring", 2, 4, Optional.empty(), "wrong"))))
        .isEmpty();
  }

  /** Columns of a pattern that no algorithm here has: three costs apart. */
  @Test
  void threeUnknownsAreFound() {
    double[][] columns = {{1, 1, 1, 1}, {1, 2, 4, 8}, {1, 9, 2, 30}};
    double[] target = new double[4];
    for (int row = 0; row < 4; row++) {
      target[row] = 3 * columns[0][row] + 2 * columns[1][row] + 0.5 * columns[2][row];
    }
    double[] found = LeastSquares.nonNegative(columns, target);
    assertThat(found[0]).isCloseTo(3, within(1e-9));
    assertThat(found[1]).isCloseTo(2, within(1e-9));
    assertThat(found[2]).isCloseTo(0.5, within(1e-9));
  }

  /** Elements that the busiest rank combines, counted by hand. */
  @ParameterizedTest
  @CsvSource({
    "ALL_REDUCE, direct, 4, 30", // chunks of at most 10
    "ALL_REDUCE, ring, 4, 30",
    "ALL_REDUCE, one_shot, 4, 120",
    "ALL_REDUCE, recursive_doubling, 4, 80",
    "ALL_REDUCE, recursive_doubling, 6, 120",
    "ALL_REDUCE, rabenseifner, 4, 30",
    "ALL_REDUCE, rabenseifner, 5, 70",
    "ALL_REDUCE, binomial_tree, 8, 120",
    "ALL_REDUCE, double_binary_tree, 2, 20",
    "ALL_REDUCE, double_binary_tree, 6, 40",
    "REDUCE, direct, 4, 30",
    "REDUCE, binomial, 5, 120",
    "REDUCE_SCATTER, ring, 4, 30",
    "REDUCE_SCATTER, recursive_halving, 4, 30",
    "REDUCE_SCATTER, recursive_halving, 5, 70",
    "ALL_GATHER, ring, 4, 0"
  })
  void theBusiestRankCombines(Operation operation, String algorithm, int ranks, long elements) {
    assertThat(AlgorithmNames.of(operation, algorithm).combined(ranks, 40)).isEqualTo(elements);
  }
}
