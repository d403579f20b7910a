package dev.shardmark.parallel.expert;

import java.util.Arrays;
import java.util.Comparator;
import java.util.Objects;
import java.util.function.IntUnaryOperator;
import java.util.stream.IntStream;

/**
 * Which rank holds which experts: as many on each, and some of them more than once if so asked.
 *
 * <p>Place {@code rank * slots + slot} is a slot of a rank, where it holds one expert.
 */
public final class ExpertPlacement {
  private final int ranks;
  private final int slots;

  /** Expert at each place; those of a rank ascend. */
  private final int[] expert;

  /** Places of each expert, ascending. */
  private final int[][] places;

  private ExpertPlacement(int experts, int[][] held) {
    ranks = held.length;
    slots = held[0].length;
    expert = Arrays.stream(held).flatMapToInt(of -> Arrays.stream(of).sorted()).toArray();
    places = new int[experts][];
    Arrays.setAll(
        places, e -> IntStream.range(0, expert.length).filter(at -> expert[at] == e).toArray());
  }

  /**
   * Rank r holds the experts from {@code E r / e} on.
   *
   * @throws IllegalArgumentException if the degree does not divide the experts, or exceeds them
   */
  public static ExpertPlacement contiguous(int experts, int ranks) {
    int each = share(experts, ranks);
    return of(experts, ranks, e -> e / each);
  }

  /**
   * Expert i is on rank {@code i mod e}.
   *
   * @throws IllegalArgumentException as {@link #contiguous}
   */
  public static ExpertPlacement roundRobin(int experts, int ranks) {
    share(experts, ranks);
    return of(experts, ranks, e -> e % ranks);
  }

  /**
   * From the most loaded expert to the least, each goes to the rank that has the least load so far
   * and room; the lower comes first where loads are equal.
   *
   * @param loads of each expert
   * @throws IllegalArgumentException as {@link #contiguous}
   */
  public static ExpertPlacement byLoad(long[] loads, int ranks) {
    int each = share(loads.length, ranks);
    long[] load = new long[ranks];
    int[] count = new int[ranks];
    int[] rankOf = new int[loads.length];
    for (int e : descending(loads)) {
      int to =
          IntStream.range(0, ranks)
              .filter(r -> count[r] < each)
              .boxed()
              .min(Comparator.comparingLong(r -> load[r]))
              .orElseThrow();
      rankOf[e] = to;
      load[to] += loads[e];
      count[to]++;
    }
    return of(loads.length, ranks, e -> rankOf[e]);
  }

  /**
   * This placement with copies of the experts that are most loaded: one after the other, each of
   * the expert with the most load a copy, on the least loaded rank that has room and not that
   * expert.
   *
   * @param loads of each expert
   * @param copies in all, as many on each rank
   * @throws IllegalArgumentException if ranks cannot have as many copies each, of different
   *     experts, or an expert has no load
   */
  public ExpertPlacement withCopies(long[] loads, int copies) {
    if (loads.length != places.length) {
      throw new IllegalArgumentException(
          "every expert needs a load: loads=" + loads.length + " experts=" + places.length);
    }
    int more = copies / ranks;
    if (copies < 0 || copies % ranks != 0 || slots + more > places.length) {
      throw new IllegalArgumentException(
          "copies must be as many on each rank, and of experts it does not hold: copies="
              + copies
              + " ranks="
              + ranks
              + " held="
              + slots
              + " experts="
              + places.length);
    }
    int[][] held = new int[ranks][];
    Arrays.setAll(held, r -> Arrays.copyOfRange(expert, r * slots, (r + 1) * slots));
    int[] count = new int[places.length];
    Arrays.setAll(count, e -> places[e].length);
    for (int copy = 0; copy < copies; copy++) {
      addCopy(held, slots + more, loads, count);
    }
    return new ExpertPlacement(places.length, held);
  }

  private static void addCopy(int[][] held, int room, long[] loads, int[] count) {
    double[] each = new double[loads.length];
    Arrays.setAll(each, e -> loads[e] / (double) count[e]);
    int[] experts = ascending(Arrays.stream(each).map(load -> -load).toArray());
    int[] ranks =
        ascending(
            Arrays.stream(held)
                .mapToDouble(of -> Arrays.stream(of).mapToDouble(e -> each[e]).sum())
                .toArray());
    for (int e : experts) {
      for (int r : ranks) {
        if (held[r].length < room && Arrays.stream(held[r]).noneMatch(has -> has == e)) {
          held[r] = Arrays.copyOf(held[r], held[r].length + 1);
          held[r][held[r].length - 1] = e;
          count[e]++;
          return;
        }
      }
    }
  }

  private static ExpertPlacement of(int experts, int ranks, IntUnaryOperator rankOf) {
    int[][] held = new int[ranks][];
    Arrays.setAll(
        held, r -> IntStream.range(0, experts).filter(e -> rankOf.applyAsInt(e) == r).toArray());
    return new ExpertPlacement(experts, held);
  }

  private static int share(int experts, int ranks) {
    if (ranks < 1 || ranks > experts) {
      throw new IllegalArgumentException(
          "expert degree must be in 1..experts: expert=" + ranks + " experts=" + experts);
    }
    if (experts % ranks != 0) {
      throw new IllegalArgumentException(
          "expert degree must divide the experts: expert=" + ranks + " experts=" + experts);
    }
    return experts / ranks;
  }

  private static int[] descending(long[] loads) {
    return ascending(Arrays.stream(loads).mapToDouble(load -> -load).toArray());
  }

  /** Indices in the order of their keys; the sort is stable. */
  private static int[] ascending(double[] key) {
    return IntStream.range(0, key.length)
        .boxed()
        .sorted(Comparator.comparingDouble(i -> key[i]))
        .mapToInt(i -> i)
        .toArray();
  }

  /** E. */
  public int experts() {
    return places.length;
  }

  /** e. */
  public int ranks() {
    return ranks;
  }

  /** Experts each rank holds. */
  public int slots() {
    return slots;
  }

  /** Places in all, e times {@link #slots}. */
  public int places() {
    return expert.length;
  }

  /** The expert at a place. */
  public int expertAt(int place) {
    return expert[place];
  }

  /** Experts of a rank, ascending, by slot. */
  public int[] held(int rank) {
    Objects.checkIndex(rank, ranks);
    return Arrays.copyOfRange(expert, rank * slots, (rank + 1) * slots);
  }

  /** Ranks that hold an expert. */
  public int copies(int expert) {
    return places[expert].length;
  }

  /** Where rank {@code from} sends rows of an expert: to itself, if it can; else in turn. */
  public int place(int expert, int from) {
    int[] of = places[expert];
    for (int place : of) {
      if (place / slots == from) {
        return place;
      }
    }
    return of[from % of.length];
  }

  /** {@link #place} of every expert. */
  public int[] placesFrom(int rank) {
    Objects.checkIndex(rank, ranks);
    return IntStream.range(0, experts()).map(e -> place(e, rank)).toArray();
  }
}
