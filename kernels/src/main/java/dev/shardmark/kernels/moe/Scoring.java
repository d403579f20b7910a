package dev.shardmark.kernels.moe;

/** What makes a weight of a logit. */
public enum Scoring {
  /** A softmax over all experts, or over the chosen ones where the rule renormalises. */
  SOFTMAX,

  /** 1 / (1 + e^-z) of each expert alone; it allows a selection bias and groups. */
  SIGMOID
}
