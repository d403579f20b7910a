package dev.shardmark.parallel.data;

import java.util.Locale;

/** Which replica a request goes to. */
public enum Dealing {
  /** In turn. */
  ROUND_ROBIN,
  /** To the replica with the fewest tokens so far, the first of them if several have as few. */
  LEAST_LOADED;

  /**
   * The replica of each request.
   *
   * @param tokens of each request, in the order of arrival
   * @throws IllegalArgumentException without a replica
   */
  public int[] deal(int[] tokens, int replicas) {
    if (replicas < 1) {
      throw new IllegalArgumentException("requests need a replica: replicas=" + replicas);
    }
    int[] replica = new int[tokens.length];
    long[] load = new long[replicas];
    for (int i = 0; i < tokens.length; i++) {
      replica[i] = this == ROUND_ROBIN ? i % replicas : least(load);
      load[replica[i]] += tokens[i];
    }
    return replica;
  }

  private static int least(long[] load) {
    int least = 0;
    for (int i = 1; i < load.length; i++) {
      if (load[i] < load[least]) {
        least = i;
      }
    }
    return least;
  }

  /** Most tokens of a replica over the mean: 1 if all have as much to do. */
  public static double imbalance(int[] tokens, int[] replica, int replicas) {
    long[] load = new long[replicas];
    long all = 0;
    long most = 0;
    for (int i = 0; i < tokens.length; i++) {
      load[replica[i]] += tokens[i];
      all += tokens[i];
      most = Math.max(most, load[replica[i]]);
    }
    return all == 0 ? 1 : (double) most * replicas / all;
  }

  /** The name in results, in lower case. */
  public String parameter() {
    return name().toLowerCase(Locale.ROOT);
  }
}
