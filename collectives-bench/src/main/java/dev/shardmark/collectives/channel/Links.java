package dev.shardmark.collectives.channel;

/**
 * A model of links in two tiers: inside a node, of {@code ranksPerNode} consecutive ranks, and
 * between nodes.
 *
 * <p><b>Formula</b> a message of b bytes that a rank sends at time t over a tier leaves its port at
 * {@code t' = max(t, free) + b / bandwidth}, which is when the port is free again, and arrives at
 * {@code t' + latency}. A rank has one port for each tier. Ports of receivers, and what messages of
 * different ranks do to each other on the way, are not modelled.
 *
 * @param ranksPerNode at least 1
 * @param inside ranks of one node
 * @param between ranks of different nodes
 */
public record Links(int ranksPerNode, Link inside, Link between) {
  /**
   * One tier.
   *
   * @param latencyNs at least 0
   * @param gigabytesPerSecond 1e9 bytes a second, above 0
   */
  public record Link(long latencyNs, double gigabytesPerSecond) {
    public Link {
      if (latencyNs < 0 || !(gigabytesPerSecond > 0)) {
        throw new IllegalArgumentException(
            "a link must have a latency of at least 0 and a bandwidth above 0: latencyNs="
                + latencyNs
                + " gigabytesPerSecond="
                + gigabytesPerSecond);
      }
    }

    long transferNs(long bytes) {
      return (long) Math.ceil(bytes / gigabytesPerSecond);
    }

    private String parameter() {
      return latencyNs + "ns," + gigabytesPerSecond + "GB/s";
    }
  }

  public Links {
    if (ranksPerNode < 1) {
      throw new IllegalArgumentException(
          "a node must have a rank: ranksPerNode=" + ranksPerNode);
    }
  }

  /** Whether a message stays inside a node. */
  public boolean isInside(int from, int to) {
    return from / ranksPerNode == to / ranksPerNode;
  }

  /** One word for rows: the node's ranks, then the link inside, then the one between. */
  public String parameter() {
    return ranksPerNode + ";" + inside.parameter() + ";" + between.parameter();
  }
}
