package dev.shardmark.parallel.context;

import dev.shardmark.collectives.Chunks;
import dev.shardmark.kernels.attention.Heads;
import java.util.List;

/**
 * The sequences that ranks divide among themselves, and the heads of a token.
 *
 * @param tokens of each sequence: all ranks' together
 * @param heads query heads
 * @param kvHeads key and value heads, which divide the query heads
 * @param headDim elements of a head
 * @throws IllegalArgumentException if a dimension is too small, or heads do not divide
 */
public record AttentionShape(List<Integer> tokens, int heads, int kvHeads, int headDim) {
  public AttentionShape {
    tokens = List.copyOf(tokens);
    if (headDim < 1 || tokens.stream().anyMatch(count -> count < 0)) {
      throw new IllegalArgumentException(
          "a head must not be empty, nor tokens negative: headDim="
              + headDim
              + " tokens="
              + tokens);
    }
    if (kvHeads < 1 || heads < 1 || heads % kvHeads != 0) {
      throw new IllegalArgumentException(
          "kvHeads must divide heads: heads=" + heads + " kvHeads=" + kvHeads);
    }
  }

  /** How many sequences there are. */
  public int sequences() {
    return tokens.size();
  }

  /** Tokens of all sequences. */
  public int allTokens() {
    return tokens.stream().reduce(0, Math::addExact);
  }

  /** Elements of K and V of a token. */
  public int kvWidth() {
    return 2 * kvHeads * headDim;
  }

  /** The sequences that fall to a rank where these are dealt in runs, as {@link Chunks} cuts. */
  public AttentionShape sequencesOf(int rank, int ranks) {
    int from = Chunks.start(sequences(), rank, ranks);
    return withTokens(tokens.subList(from, Chunks.start(sequences(), rank + 1, ranks)));
  }

  /** The same sequences with some of their tokens. */
  AttentionShape withTokens(List<Integer> some) {
    return new AttentionShape(some, heads, kvHeads, headDim);
  }

  /** The same tokens with some of their heads. */
  AttentionShape withHeads(int some, int someKv) {
    return new AttentionShape(tokens, some, someKv, headDim);
  }

  /** Checks the operands of a rank that holds all of this shape. */
  void check(Heads[] q, Heads[] k, Heads[] v, Heads[] o) {
    boolean legal =
        q.length == sequences()
            && k.length == q.length
            && v.length == q.length
            && o.length == q.length;
    for (int i = 0; legal && i < q.length; i++) {
      int count = tokens.get(i);
      legal = is(q[i], count, heads) && is(o[i], count, heads);
      legal = legal && is(k[i], count, kvHeads) && is(v[i], count, kvHeads);
    }
    if (!legal) {
      throw new IllegalArgumentException(
          "operands must have the tokens and heads that were agreed on: tokens="
              + tokens
              + " heads="
              + heads
              + " kvHeads="
              + kvHeads
              + " headDim="
              + headDim);
    }
  }

  private boolean is(Heads x, int count, int many) {
    return x.tokens() == count && x.heads() == many && x.headDim() == headDim;
  }
}
