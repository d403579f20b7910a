package dev.shardmark.parallel.context;

import dev.shardmark.kernels.Matrix;
import dev.shardmark.kernels.attention.Heads;
import dev.shardmark.kernels.kvcache.KvAppend;
import dev.shardmark.kernels.kvcache.KvPool;
import dev.shardmark.kernels.kvcache.KvSequence;
import java.util.Arrays;
import java.util.Objects;

/**
 * What one of n ranks caches of sequences that all of them cache together: token t of a sequence is
 * with rank t mod n, as {@link Placement#STRIPED} has it, so that no rank ever has more than one
 * token more than another.
 */
public final class StripedCache {
  private final int rank;
  private final int ranks;
  private final KvAppend append;
  private final KvSequence[] parts;
  private final int[] tokens;
  private final Matrix newK;
  private final Matrix newV;

  /**
   * Sequences without tokens.
   *
   * @param pool of this rank alone, whose sequences need a block for every n times {@link
   *     KvPool#blockTokens} tokens
   */
  public StripedCache(KvPool pool, int sequences, int rank, int ranks, KvAppend append) {
    this.rank = Objects.checkIndex(rank, ranks);
    this.ranks = ranks;
    this.append = append;
    parts = new KvSequence[sequences];
    Arrays.setAll(parts, i -> new KvSequence(pool));
    tokens = new int[sequences];
    newK = Matrix.zeros(1, pool.kvHeads() * pool.headDim());
    newV = Matrix.zeros(1, pool.kvHeads() * pool.headDim());
  }

  /** Appends the next tokens of a sequence: this rank keeps its own. */
  public void append(int sequence, Heads k, Heads v) {
    int first = tokens[sequence];
    for (int t = Math.floorMod(rank - first, ranks); t < k.tokens(); t += ranks) {
      Packing.pack(k, t, 1, 0, k.heads(), newK.data(), newK.offset());
      Packing.pack(v, t, 1, 0, v.heads(), newV.data(), newV.offset());
      append.append(parts[sequence], newK, newV);
    }
    tokens[sequence] = Math.addExact(first, k.tokens());
  }

  /** Forgets the tokens of a sequence. */
  public void free(int sequence) {
    parts[sequence].free();
    tokens[sequence] = 0;
  }

  /** Tokens of a sequence so far, those of all ranks. */
  public int tokens(int sequence) {
    return tokens[sequence];
  }

  /** The tokens of a sequence that this rank has. */
  public KvSequence part(int sequence) {
    return parts[sequence];
  }

  /** How many of the first tokens of a sequence this rank has. */
  public int cached(int first) {
    return Placement.STRIPED.held(first, rank, ranks);
  }
}
