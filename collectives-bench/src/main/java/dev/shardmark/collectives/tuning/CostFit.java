package dev.shardmark.collectives.tuning;

import static java.util.stream.Collectors.groupingBy;
import static java.util.stream.Collectors.joining;
import static java.util.stream.Collectors.toList;

import dev.shardmark.collectives.Algorithm;
import dev.shardmark.collectives.AlgorithmNames;
import dev.shardmark.collectives.sweep.Exercises;
import dev.shardmark.collectives.sweep.SweepPoint;
import java.math.BigDecimal;
import java.math.MathContext;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * What a step and a byte cost one algorithm, from its times at several sizes:
 *
 * <pre>{@code
 * time = alpha steps + beta (bytes sent) + gamma (bytes combined)
 * }</pre>
 *
 * by least squares of the relative errors, since sizes span many decades, with no cost below 0.
 * Bytes are the busiest rank's. For one algorithm and number of ranks what is combined goes with
 * what is sent, so that the two have one price, and sizes of one kind may hide more: costs that
 * cannot be told apart make one {@link Term}.
 *
 * <p><b>Source</b> the model: R. Hockney, The communication challenge for MPP, Parallel Computing
 * 20(3), 1994, with the gamma of R. Thakur, R. Rabenseifner and W. Gropp, Optimization of
 * collective communication operations in MPICH, IJHPCA 19(1), 2005.
 *
 * @param first a point that was fitted, which says of what
 * @param terms what time is made of
 * @param residuals one for each point, by size
 */
public record CostFit(SweepPoint first, List<Term> terms, List<Residual> residuals) {
  public CostFit {
    terms = List.copyOf(terms);
    residuals = List.copyOf(residuals);
  }

  /**
   * A price, and what it pays for.
   *
   * @param costs that cannot be told apart; the price is of the first's unit and holds the others
   * @param ns of a unit
   */
  public record Term(List<Cost> costs, double ns) {
    public Term {
      costs = List.copyOf(costs);
    }

    /** For example {@code beta + gamma 0.0812 ns a byte sent}. */
    @Override
    public String toString() {
      return costs.stream().map(Cost::parameter).collect(joining(" + "))
          + " "
          + BigDecimal.valueOf(ns).round(new MathContext(3)).toPlainString()
          + " ns a "
          + costs.getFirst().unit();
    }
  }

  /** A point and what the fit says of it. */
  public record Residual(long bytes, double ns, double fittedNs) {
    /** How far off the fit is, as a share of the time; above 0 if it says too much. */
    public double relative() {
      return fittedNs / ns - 1;
    }
  }

  /** One for each algorithm, transport and number of ranks of some points, in their order. */
  public static List<CostFit> each(List<SweepPoint> points) {
    return points.stream()
        .collect(
            groupingBy(
                p -> List.of(p.operation(), p.algorithm(), p.transport(), p.ranks()),
                LinkedHashMap::new,
                toList()))
        .values()
        .stream()
        .flatMap(same -> of(same).stream())
        .toList();
  }

  /**
   * The fit of the points of one algorithm, transport and number of ranks; empty if none was timed,
   * nothing moved, or the algorithm has no formula.
   */
  public static Optional<CostFit> of(List<SweepPoint> all) {
    List<SweepPoint> points =
        all.stream()
            .filter(point -> point.timing().isPresent())
            .sorted(Comparator.comparingLong(SweepPoint::bytes))
            .toList();
    if (points.isEmpty()) {
      return Optional.empty();
    }
    Optional<Algorithm> algorithm = algorithm(points.getFirst());
    return algorithm.flatMap(known -> of(points, known));
  }

  private static Optional<Algorithm> algorithm(SweepPoint point) {
    try {
      return Optional.of(
          AlgorithmNames.of(Exercises.operation(point.operation()), point.algorithm()));
    } catch (IllegalArgumentException e) {
      return Optional.empty(); // one that chooses by size, or a library's
    }
  }

  private static Optional<CostFit> of(List<SweepPoint> points, Algorithm algorithm) {
    Map<Cost, double[]> columns = new EnumMap<>(Cost.class);
    for (Cost cost : Cost.values()) {
      columns.put(
          cost, points.stream().mapToDouble(p -> units(cost, p, algorithm) / ns(p)).toArray());
    }
    List<List<Cost>> groups = groups(columns);
    if (groups.isEmpty()) {
      return Optional.empty();
    }
    double[][] kept =
        groups.stream().map(costs -> columns.get(costs.getFirst())).toArray(double[][]::new);
    double[] ones = points.stream().mapToDouble(point -> 1).toArray();
    double[] prices = LeastSquares.nonNegative(kept, ones);
    List<Term> terms = new ArrayList<>();
    for (int i = 0; i < prices.length; i++) {
      terms.add(new Term(groups.get(i), prices[i]));
    }
    List<Residual> residuals = new ArrayList<>();
    for (int row = 0; row < points.size(); row++) {
      double share = 0;
      for (int i = 0; i < prices.length; i++) {
        share += prices[i] * kept[i][row];
      }
      double ns = ns(points.get(row));
      residuals.add(new Residual(points.get(row).bytes(), ns, share * ns));
    }
    return Optional.of(new CostFit(points.getFirst(), terms, residuals));
  }

  private static double ns(SweepPoint point) {
    return point.timing().orElseThrow().backToBackNs();
  }

  private static double units(Cost cost, SweepPoint point, Algorithm algorithm) {
    return switch (cost) {
      case ALPHA -> point.traffic().steps();
      case BETA -> Collections.max(point.traffic().sentBytes());
      case GAMMA -> Float.BYTES * (double) algorithm.combined(point.ranks(), point.count());
    };
  }

  /** Costs that can be told apart, each with those that go with it; none of those of nothing. */
  private static List<List<Cost>> groups(Map<Cost, double[]> columns) {
    List<List<Cost>> groups = new ArrayList<>();
    for (Cost cost : Cost.values()) {
      double[] column = columns.get(cost);
      double[][] before =
          groups.stream().map(costs -> columns.get(costs.getFirst())).toArray(double[][]::new);
      if (LeastSquares.isIndependent(column, before)) {
        groups.add(new ArrayList<>(List.of(cost)));
      } else if (Arrays.stream(column).anyMatch(units -> units > 0)) {
        groups.stream()
            .max(
                Comparator.comparingDouble(
                    costs -> LeastSquares.cosine(column, columns.get(costs.getFirst()))))
            .orElseThrow()
            .add(cost);
      }
    }
    return groups;
  }

  /** The price that holds a cost; empty if nothing is of it. */
  public Optional<Term> term(Cost cost) {
    return terms.stream().filter(term -> term.costs().contains(cost)).findFirst();
  }

  /** The point that the fit is furthest from. */
  public Residual worst() {
    return residuals.stream()
        .max(Comparator.comparingDouble(residual -> Math.abs(residual.relative())))
        .orElseThrow();
  }

  /** For example {@code alpha 120 ns a step, beta 0.081 ns a byte sent; off by -12 % at 4096}. */
  public String sentence() {
    Residual worst = worst();
    return terms.stream().map(Term::toString).collect(joining(", "))
        + String.format(
            Locale.ROOT,
            "; off by at most %+.0f %%, at %d bytes",
            100 * worst.relative(),
            worst.bytes());
  }
}
