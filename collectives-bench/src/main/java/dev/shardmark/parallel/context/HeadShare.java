package dev.shardmark.parallel.context;

/**
 * The heads of each of n ranks: query heads in equal runs, and the key and value heads these share.
 *
 * <p>Where ranks are more than key and value heads, n / k ranks in a row hold the same one.
 *
 * @throws IllegalArgumentException if ranks do not divide the query heads, or would share the key
 *     and value heads unevenly
 */
record HeadShare(int ranks, AttentionShape shape) {
  HeadShare {
    if (shape.heads() % ranks != 0) {
      throw new IllegalArgumentException(
          "ranks must divide heads: ranks=" + ranks + " heads=" + shape.heads());
    }
    if (shape.kvHeads() % ranks != 0 && ranks % shape.kvHeads() != 0) {
      throw new IllegalArgumentException(
          "ranks must divide kvHeads, or be a multiple of them: ranks="
              + ranks
              + " kvHeads="
              + shape.kvHeads());
    }
  }

  /** Query heads of a rank. */
  int heads() {
    return shape.heads() / ranks;
  }

  /** Key and value heads of a rank. */
  int kvHeads() {
    return Math.max(1, shape.kvHeads() / ranks);
  }

  /** The first query head of a rank. */
  int firstHead(int rank) {
    return rank * heads();
  }

  /** The first key and value head of a rank. */
  int firstKvHead(int rank) {
    return rank * shape.kvHeads() / ranks;
  }

  /** Whether no rank before this one has the same key and value heads. */
  boolean isFirstHolder(int rank) {
    return rank == 0 || firstKvHead(rank) != firstKvHead(rank - 1);
  }

  /** The same tokens with the heads of a rank. */
  AttentionShape share() {
    return shape.withHeads(heads(), kvHeads());
  }
}
