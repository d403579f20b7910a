package dev.shardmark.collectives.channel;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

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
  private static final String LINK = "(\\d+)ns,([\\d.eE+-]+|Infinity)GB/s";
  private static final Pattern TEXT = Pattern.compile("(\\d+);" + LINK + ";" + LINK);

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
      long whole = (long) gigabytesPerSecond;
      String bandwidth =
          whole == gigabytesPerSecond && whole < Long.MAX_VALUE
              ? Long.toString(whole)
              : Double.toString(gigabytesPerSecond);
      return latencyNs + "ns," + bandwidth + "GB/s";
    }
  }

  public Links {
    if (ranksPerNode < 1) {
      throw new IllegalArgumentException("a node must have a rank: ranksPerNode=" + ranksPerNode);
    }
  }

  /**
   * Links as {@link #parameter} writes them, such as {@code 2;1000ns,10GB/s;20000ns,1GB/s}.
   *
   * @throws IllegalArgumentException if they are written otherwise
   */
  public static Links of(String text) {
    Matcher part = TEXT.matcher(text);
    if (!part.matches()) {
      throw unreadable(text);
    }
    try {
      return new Links(
          Integer.parseInt(part.group(1)),
          new Link(Long.parseLong(part.group(2)), Double.parseDouble(part.group(3))),
          new Link(Long.parseLong(part.group(4)), Double.parseDouble(part.group(5))));
    } catch (NumberFormatException e) { // too many digits, or signs where none belong
      throw unreadable(text);
    }
  }

  private static IllegalArgumentException unreadable(String text) {
    return new IllegalArgumentException(
        "links must be ranks of a node, a link inside it and one between nodes, as in"
            + " 2;1000ns,10GB/s;20000ns,1GB/s: links="
            + text);
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
