package dev.shardmark.parallel.serving;

/**
 * What became of a trace.
 *
 * <p>Of {@code slots * iterations} places {@link #tokens} said a token, {@code padded} belonged to
 * a request that had said its last, and the rest were empty.
 *
 * @param said tokens of each request
 * @param first iteration of each request
 * @param last iteration of each request
 * @param slots places of an iteration
 * @param iterations with or without requests
 * @param padded places whose request was done
 * @param preempted requests that lost their memory and started again
 * @param recomputedTokens tokens whose keys and values were computed once more
 * @param mostHeldTokens most places of cache that were taken at once, filled or not
 * @param heldTokens places of cache taken, summed over iterations
 * @param filledTokens those of them that held a token
 * @param residents requests with a place of cache, summed over iterations
 */
public record Served(
    int[][] said,
    int[] first,
    int[] last,
    int slots,
    long iterations,
    long padded,
    long preempted,
    long recomputedTokens,
    long mostHeldTokens,
    long heldTokens,
    long filledTokens,
    long residents) {
  /** Tokens said. */
  public long tokens() {
    long tokens = 0;
    for (int[] one : said) {
      tokens += one.length;
    }
    return tokens;
  }

  /** Requests that said a token in an iteration, on average. */
  public double meanLive() {
    return (double) tokens() / iterations;
  }

  /** The share of places that said a token. */
  public double utilisation() {
    return meanLive() / slots;
  }

  /** Places of cache that a request held and did not fill, on average. */
  public double wastedTokensPerRequest() {
    return (double) (heldTokens - filledTokens) / residents;
  }
}
