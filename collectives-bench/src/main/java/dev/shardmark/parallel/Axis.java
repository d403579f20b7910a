package dev.shardmark.parallel;

import java.util.Locale;

/** What ranks divide among themselves. */
public enum Axis {
  /** Heads, widths of MLPs, the vocabulary. */
  TENSOR,
  /** Tokens between the linears of tensor ranks. */
  SEQUENCE,
  /** Experts. */
  EXPERT,
  /** Tokens of a sequence. */
  CONTEXT,
  /** Layers. */
  PIPELINE,
  /** Sequences. */
  DATA;

  /** The name in results, in lower case. */
  public String parameter() {
    return name().toLowerCase(Locale.ROOT);
  }
}
