package dev.shardmark.parallel.sweep;

import dev.shardmark.parallel.Tokens;

/**
 * One step through layers, of all ranks together.
 *
 * @param sequences sequences of equal length
 * @param tokens new tokens of each
 * @param context tokens that each has cached; 0 for prompts
 * @throws IllegalArgumentException if a step has no token, or a context is negative
 */
public record Step(int sequences, int tokens, int context) {
  public Step {
    if (sequences < 1 || tokens < 1 || context < 0) {
      throw new IllegalArgumentException(
          "a step must have tokens: sequences="
              + sequences
              + " tokens="
              + tokens
              + " context="
              + context);
    }
  }

  /** Tokens of all sequences. */
  public int rows() {
    return Math.multiplyExact(sequences, tokens);
  }

  /** Whether tokens attend to what is cached. */
  public boolean isDecode() {
    return context > 0;
  }

  /** The tokens of some of the sequences. */
  public Tokens placed(int count) {
    return Tokens.after(context, count, tokens);
  }

  /** A step of {@code sequences / parts} of the sequences. */
  public Step part(int parts) {
    return new Step(sequences / parts, tokens, context);
  }
}
