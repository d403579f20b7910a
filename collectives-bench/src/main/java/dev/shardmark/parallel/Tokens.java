package dev.shardmark.parallel;

import java.util.Arrays;

/**
 * The tokens of a step, row by row: those of the first sequence, then those of the next.
 *
 * <p>The arrays are shared with the caller, who may change positions from step to step.
 *
 * @param counts tokens of each sequence
 * @param positions the position of each token in its sequence
 * @throws IllegalArgumentException if there is not one position for each token
 */
public record Tokens(int[] counts, int[] positions) {
  public Tokens {
    if (Arrays.stream(counts).anyMatch(count -> count < 0)
        || Arrays.stream(counts).asLongStream().sum() != positions.length) {
      throw new IllegalArgumentException(
          "every token must have a position: counts="
              + Arrays.toString(counts)
              + " positions="
              + positions.length);
    }
  }

  /** New tokens of sequences that are equally long, behind so many that are cached. */
  public static Tokens after(int context, int sequences, int tokens) {
    int[] counts = new int[sequences];
    Arrays.fill(counts, tokens);
    int[] positions = new int[sequences * tokens];
    Arrays.setAll(positions, row -> context + row % tokens);
    return new Tokens(counts, positions);
  }

  /** Whole prompts. */
  public static Tokens prompts(int sequences, int tokens) {
    return after(0, sequences, tokens);
  }

  /** Tokens of all sequences. */
  public int rows() {
    return positions.length;
  }

  /** How many sequences there are. */
  public int sequences() {
    return counts.length;
  }

  /** The first row of a sequence; that of one past the last is {@link #rows}. */
  public int firstRow(int sequence) {
    int first = 0;
    for (int s = 0; s < sequence; s++) {
      first += counts[s];
    }
    return first;
  }

  /** The sequence that a row belongs to. */
  public int sequenceOf(int row) {
    int sequence = 0;
    for (int end = counts[0]; end <= row; end += counts[sequence]) {
      sequence++;
    }
    return sequence;
  }
}
