package dev.shardmark.collectives;

/**
 * Operands for checks of collectives.
 *
 * <p>Rank r holds {@code x[r][i] = j p + (r + j) mod p}, where j is i modulo an odd period. So no
 * two ranks hold the same element, every rank holds the maximum and the minimum somewhere, and all
 * sums, {@code j p^2 + p (p - 1) / 2}, are below 2^24 and exact in any order.
 *
 * @param ranks p
 */
public record KnownOperands(int ranks) {
  /** Element i of a rank. */
  public float element(int rank, int i) {
    int j = i % period();
    return j * ranks + (rank + j) % ranks;
  }

  /** Element i of all ranks, combined. */
  public float combined(ReduceOp op, int i) {
    int j = i % period();
    return switch (op) {
      case SUM -> j * ranks * ranks + ranks * (ranks - 1) / 2;
      case MAX -> j * ranks + ranks - 1;
      case MIN -> j * ranks;
    };
  }

  /** The largest odd period that keeps sums below 2^24. */
  private int period() {
    return ((1 << 24) / (ranks * ranks) - 1) | 1;
  }
}
