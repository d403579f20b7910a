package dev.shardmark.results.format;

/** Where a figure comes from. Every figure carries one. */
public enum Label {
  /** Real ranks, no more of them than cores, doing the whole operation. */
  MEASURED,
  /** One rank's shard, alone on a core: what a rank computes, without the others. */
  ISOLATED,
  /** From a formula, or composed of measured parts. */
  MODELLED,
  /** Taken from a publication. */
  CITED
}
