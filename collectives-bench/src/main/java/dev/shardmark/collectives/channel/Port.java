package dev.shardmark.collectives.channel;

/** Where the messages of one rank leave over emulated {@link Links}; used by its thread alone. */
public final class Port {
  private final Links links;
  private final int rank;
  private long insideFreeNs;
  private long betweenFreeNs;

  /** The port of a rank, with its number among all ranks. */
  public Port(Links links, int rank) {
    this.links = links;
    this.rank = rank;
    reset();
  }

  /** Free again, whatever was sent, while the rank does not run. */
  public void reset() {
    long nowNs = System.nanoTime();
    insideFreeNs = nowNs;
    betweenFreeNs = nowNs;
  }

  /** When a message sent at {@code nowNs} to rank {@code to} arrives. */
  long arrivalNs(long nowNs, int to, long bytes) {
    if (links.isInside(rank, to)) {
      insideFreeNs = later(nowNs, insideFreeNs) + links.inside().transferNs(bytes);
      return insideFreeNs + links.inside().latencyNs();
    }
    betweenFreeNs = later(nowNs, betweenFreeNs) + links.between().transferNs(bytes);
    return betweenFreeNs + links.between().latencyNs();
  }

  /** Times of {@link System#nanoTime} are compared by their difference. */
  private static long later(long a, long b) {
    return a - b > 0 ? a : b;
  }
}
