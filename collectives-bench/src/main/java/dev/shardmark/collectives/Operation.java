package dev.shardmark.collectives;

import java.util.Locale;

/** What ranks do together, in the names of nccl-tests. */
public enum Operation {
  BARRIER,
  ALL_REDUCE,
  REDUCE,
  REDUCE_SCATTER,
  ALL_GATHER,
  BROADCAST,
  ALL_TO_ALL,
  ALL_TO_ALL_V,
  SPLIT,
  SEND;

  /** The name on the command line and in messages. */
  public String parameter() {
    return name().toLowerCase(Locale.ROOT);
  }
}
