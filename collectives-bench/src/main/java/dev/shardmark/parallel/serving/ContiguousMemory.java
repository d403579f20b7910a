package dev.shardmark.parallel.serving;

/**
 * A run of places for each request, as long as the longest could become: what is not filled is
 * wasted, and no request ever lacks room.
 */
public final class ContiguousMemory implements KvMemory {
  private final int requestTokens;
  private final int most;
  private final int[] tokens;
  private int admitted;
  private long filledTokens;

  /**
   * A memory without requests.
   *
   * @param requestTokens places reserved for each request
   * @throws IllegalArgumentException if not one request fits
   */
  public ContiguousMemory(int slots, int budgetTokens, int requestTokens) {
    if (requestTokens < 1 || budgetTokens < requestTokens) {
      throw new IllegalArgumentException(
          "one request must fit the memory: budgetTokens="
              + budgetTokens
              + " requestTokens="
              + requestTokens);
    }
    this.requestTokens = requestTokens;
    most = budgetTokens / requestTokens;
    tokens = new int[slots];
  }

  @Override
  public int mostTokens() {
    return requestTokens;
  }

  @Override
  public boolean admit(int slot, int count, int mostOfIt) {
    if (admitted == most) {
      return false;
    }
    admitted++;
    tokens[slot] = count;
    filledTokens += count;
    return true;
  }

  @Override
  public boolean grow(int slot) {
    if (tokens[slot] == requestTokens) {
      return false;
    }
    tokens[slot]++;
    filledTokens++;
    return true;
  }

  @Override
  public void release(int slot) {
    admitted--;
    filledTokens -= tokens[slot];
    tokens[slot] = 0;
  }

  @Override
  public long heldTokens() {
    return (long) admitted * requestTokens;
  }

  @Override
  public long filledTokens() {
    return filledTokens;
  }
}
