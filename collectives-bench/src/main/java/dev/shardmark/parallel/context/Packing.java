package dev.shardmark.parallel.context;

import dev.shardmark.kernels.attention.Heads;

/** Some heads of some tokens, into messages and out of them; there they lie densely. */
final class Packing {
  private Packing() {}

  /** A dense view into a message. */
  static Heads view(float[] message, int at, int tokens, int heads, int headDim) {
    return new Heads(message, at, tokens, heads, headDim, heads * headDim, headDim);
  }

  /** Copies into a message; returns where the next goes. */
  static int pack(Heads x, int token, int tokens, int head, int heads, float[] message, int at) {
    int dim = x.headDim();
    boolean dense = x.headStride() == dim;
    int length = dense ? heads * dim : dim;
    for (int t = token; t < token + tokens; t++) {
      for (int h = head; h < head + heads; h += dense ? heads : 1, at += length) {
        System.arraycopy(x.data(), x.index(t, h), message, at, length);
      }
    }
    return at;
  }

  /** Copies all of a view into a message; returns where the next goes. */
  static int pack(Heads x, float[] message, int at) {
    return pack(x, 0, x.tokens(), 0, x.heads(), message, at);
  }

  /** Copies out of a message; returns where the next is. */
  static int unpack(float[] message, int at, Heads x, int token, int tokens, int head, int heads) {
    int dim = x.headDim();
    boolean dense = x.headStride() == dim;
    int length = dense ? heads * dim : dim;
    for (int t = token; t < token + tokens; t++) {
      for (int h = head; h < head + heads; h += dense ? heads : 1, at += length) {
        System.arraycopy(message, at, x.data(), x.index(t, h), length);
      }
    }
    return at;
  }

  /** Copies out of a message to all of a view; returns where the next is. */
  static int unpack(float[] message, int at, Heads x) {
    return unpack(message, at, x, 0, x.tokens(), 0, x.heads());
  }
}
