package dev.shardmark.kernels.attention;

import dev.shardmark.kernels.AlignedFloats;
import java.util.Objects;

/**
 * View of the heads of some tokens: element d of head h of token t is {@code data[offset + t *
 * tokenStride + h * headStride + d]}.
 *
 * <p>Tokens outside heads or heads outside tokens, both are fine. The view is checked once, here,
 * so that kernels need no checks of their own.
 *
 * @param data the buffer, shared with the caller
 * @param offset index of element (0, 0, 0)
 * @param tokens tokens, at least 0
 * @param heads heads of a token, at least 0
 * @param headDim elements of a head, at least 0
 * @param tokenStride elements from a token to the next
 * @param headStride elements from a head to the next
 * @throws IllegalArgumentException if a dimension is negative or two heads would overlap
 * @throws IndexOutOfBoundsException if an element lies outside the buffer
 */
public record Heads(
    float[] data, int offset, int tokens, int heads, int headDim, int tokenStride, int headStride) {
  public Heads {
    if (tokens < 0 || heads < 0 || headDim < 0 || tokenStride < 0 || headStride < 0) {
      throw new IllegalArgumentException(
          "counts and strides must not be negative: "
              + text(tokens, heads, headDim, tokenStride, headStride));
    }
    boolean empty = tokens == 0 || heads == 0 || headDim == 0;
    long token = (heads - 1L) * headStride + headDim;
    long head = (tokens - 1L) * tokenStride + headDim;
    boolean headsInTokens =
        (heads == 1 || headStride >= headDim) && (tokens == 1 || tokenStride >= token);
    boolean tokensInHeads =
        (tokens == 1 || tokenStride >= headDim) && (heads == 1 || headStride >= head);
    if (!empty && !headsInTokens && !tokensInHeads) {
      throw new IllegalArgumentException(
          "heads must not overlap: " + text(tokens, heads, headDim, tokenStride, headStride));
    }
    long extent = empty ? 0 : (tokens - 1L) * tokenStride + (heads - 1L) * headStride + headDim;
    Objects.checkFromIndexSize(offset, extent, data.length);
  }

  /** Dense zeros over a new aligned buffer, the heads of a token side by side. */
  public static Heads zeros(int tokens, int heads, int headDim) {
    long size = Math.multiplyExact((long) tokens * heads, (long) headDim);
    return new Heads(
        AlignedFloats.allocate(size),
        AlignedFloats.START,
        tokens,
        heads,
        headDim,
        Math.multiplyExact(heads, headDim),
        headDim);
  }

  /** Index of the first element of a head. */
  public int index(int token, int head) {
    return offset + token * tokenStride + head * headStride;
  }

  /** Some tokens in a row: the same buffer, no copy. */
  public Heads slice(int from, int count) {
    Objects.checkFromIndexSize(from, count, tokens);
    int at = count == 0 ? offset : index(from, 0);
    return new Heads(data, at, count, heads, headDim, tokenStride, headStride);
  }

  /** Element (t, h, d); for references and tests, not for hot loops. */
  public float at(int token, int head, int d) {
    Objects.checkIndex(token, tokens);
    Objects.checkIndex(head, heads);
    Objects.checkIndex(d, headDim);
    return data[index(token, head) + d];
  }

  /** The counts, for messages. */
  String shape() {
    return tokens + "x" + heads + "x" + headDim;
  }

  private static String text(int tokens, int heads, int headDim, int tokenStride, int headStride) {
    return "tokens="
        + tokens
        + " heads="
        + heads
        + " headDim="
        + headDim
        + " tokenStride="
        + tokenStride
        + " headStride="
        + headStride;
  }
}
