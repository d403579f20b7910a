package dev.shardmark.collectives;

/** How a buffer is cut into one chunk per rank: chunks differ by at most one element. */
public final class Chunks {
  private Chunks() {}

  /** First element of {@code chunk}; the start of chunk {@code chunks} is {@code length}. */
  public static int start(int length, int chunk, int chunks) {
    return (int) ((long) length * chunk / chunks);
  }

  /** Elements of {@code chunk}: 0 for some when there are fewer elements than chunks. */
  public static int length(int length, int chunk, int chunks) {
    return start(length, chunk + 1, chunks) - start(length, chunk, chunks);
  }
}
