package dev.shardmark.parallel.serving;

/**
 * What somebody asks.
 *
 * @param id its place in the trace
 * @param arrival the first iteration that may compute it
 * @param promptTokens tokens that are given
 * @param outputTokens tokens to be said
 * @throws IllegalArgumentException if it asks nothing or wants nothing
 */
public record Request(int id, int arrival, int promptTokens, int outputTokens) {
  public Request {
    if (id < 0 || arrival < 0 || promptTokens < 1 || outputTokens < 1) {
      throw new IllegalArgumentException(
          "a request must have a place, an arrival, a prompt and an answer: id="
              + id
              + " arrival="
              + arrival
              + " promptTokens="
              + promptTokens
              + " outputTokens="
              + outputTokens);
    }
  }

  /** Tokens with keys and values when the last token is said, which itself needs none. */
  public int cachedTokens() {
    return promptTokens + outputTokens - 1;
  }
}
