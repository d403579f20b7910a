package dev.shardmark.parallel.context;

import dev.shardmark.kernels.Matrix;
import dev.shardmark.kernels.attention.Attention;
import dev.shardmark.kernels.attention.Heads;

/** Results over some of the keys, in a message: O of a sequence, its lse, then the next one's. */
final class Partials {
  private final Heads[] o;
  private final Matrix[] lse;

  Partials(float[] message, int from, AttentionShape shape) {
    o = new Heads[shape.sequences()];
    lse = new Matrix[o.length];
    int heads = shape.heads();
    int at = from;
    for (int i = 0; i < o.length; i++) {
      int tokens = shape.tokens().get(i);
      o[i] = Packing.view(message, at, tokens, heads, shape.headDim());
      at += tokens * heads * shape.headDim();
      lse[i] = new Matrix(message, at, tokens, heads, heads);
      at += tokens * heads;
    }
  }

  /** Elements of a message. */
  static int length(AttentionShape shape) {
    return Math.multiplyExact(shape.allTokens(), shape.heads() * (shape.headDim() + 1));
  }

  Heads o(int sequence) {
    return o[sequence];
  }

  Matrix lse(int sequence) {
    return lse[sequence];
  }

  /** Merges the results of others into those of the first, in their order. */
  static void merge(Partials[] parts, int sequence, Heads to) {
    Heads o = parts[0].o[sequence];
    for (int part = 1; part < parts.length; part++) {
      Attention.merge(
          o, parts[0].lse[sequence], parts[part].o[sequence], parts[part].lse[sequence]);
    }
    Packing.unpack(o.data(), o.offset(), to);
  }
}
