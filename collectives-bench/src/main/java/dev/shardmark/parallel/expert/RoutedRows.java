package dev.shardmark.parallel.expert;

import dev.shardmark.kernels.moe.Routing;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/**
 * How many rows each rank has for each place: what a dispatch moves and how even that is, known
 * before anything moves.
 *
 * @param placement of experts
 * @param rows by sending rank, then place
 * @param tokens of all ranks
 */
public record RoutedRows(ExpertPlacement placement, int[][] rows, long tokens) {
  /**
   * Counts.
   *
   * @param routings of the ranks, in their order
   * @throws IllegalArgumentException if there are more or fewer routings than ranks
   */
  public static RoutedRows of(ExpertPlacement placement, List<Routing> routings) {
    if (routings.size() != placement.ranks()) {
      throw new IllegalArgumentException(
          "every rank needs a routing: routings="
              + routings.size()
              + " ranks="
              + placement.ranks());
    }
    int[][] rows = new int[placement.ranks()][placement.places()];
    for (int rank = 0; rank < rows.length; rank++) {
      Routing routing = routings.get(rank);
      for (int at = 0; at < routing.choices(); at++) {
        if (routing.expert()[at] != Routing.DROPPED) {
          rows[rank][placement.place(routing.expert()[at], rank)]++;
        }
      }
    }
    return new RoutedRows(placement, rows, routings.stream().mapToLong(Routing::tokens).sum());
  }

  /** Rows that one rank has for another, or for itself. */
  public long between(int from, int to) {
    int first = to * placement.slots();
    return IntStream.range(first, first + placement.slots()).mapToLong(at -> rows[from][at]).sum();
  }

  /** Rows of a rank for others. */
  public long leaving(int rank) {
    return ranks().filter(to -> to != rank).mapToLong(to -> between(rank, to)).sum();
  }

  /** Rows of others for a rank. */
  public long coming(int rank) {
    return ranks().filter(from -> from != rank).mapToLong(from -> between(from, rank)).sum();
  }

  /** Rows that a rank computes. */
  public long load(int rank) {
    return ranks().mapToLong(from -> between(from, rank)).sum();
  }

  /** Load of the most loaded rank over the mean; 1 is even, and also where nothing is routed. */
  public double rankImbalance() {
    return maxOverMean(ranks().mapToLong(this::load).toArray());
  }

  /** The same of experts, of whose copies each counts. */
  public double placeImbalance() {
    long[] load = new long[placement.places()];
    for (int[] of : rows) {
      Arrays.setAll(load, place -> load[place] + of[place]);
    }
    return maxOverMean(load);
  }

  /** Of a token, how many of its rows go to another rank, on average. */
  public double remoteCopiesPerToken() {
    return tokens == 0 ? 0 : ranks().mapToLong(this::leaving).sum() / (double) tokens;
  }

  /** The same where tokens choose uniformly: {@code K (1 - 1 / e)}. */
  public static double expectedRemoteCopies(int topK, int ranks) {
    return topK * (1 - 1.0 / ranks);
  }

  /** Bytes of rows that a rank sends to others and of results that it sends back. */
  long bothWaysBytes(int rank, int hidden) {
    return Float.BYTES * (leaving(rank) + coming(rank)) * hidden;
  }

  private IntStream ranks() {
    return IntStream.range(0, placement.ranks());
  }

  private static double maxOverMean(long[] load) {
    double sum = Arrays.stream(load).sum();
    return sum == 0 ? 1 : Arrays.stream(load).max().orElse(0) * load.length / sum;
  }
}
