package dev.shardmark.kernels.rope;

/** Which two elements of a head rotate together; checkpoints are stored for one or the other. */
public enum RopeLayout {
  /** Neighbours, 2 i and 2 i + 1, as in the paper and in the first Llama code. */
  INTERLEAVED,
  /** i and i + d / 2, as in GPT-NeoX and in Llama checkpoints converted for Transformers. */
  HALF_SPLIT;

  /** Index of the first element of pair i. */
  public int first(int i) {
    return this == INTERLEAVED ? 2 * i : i;
  }

  /** Index of the second element of pair i of d / 2 = {@code pairs}. */
  public int second(int i, int pairs) {
    return this == INTERLEAVED ? 2 * i + 1 : i + pairs;
  }
}
