package dev.shardmark.parallel.serving;

import dev.shardmark.collectives.Communicator;
import dev.shardmark.kernels.Kernels;
import dev.shardmark.kernels.Matrix;
import dev.shardmark.kernels.Variant;
import dev.shardmark.kernels.kvcache.KvAppend;
import dev.shardmark.kernels.kvcache.KvSequence;

/**
 * Keys and values of a prompt, from the rank that computed it to the rank that decodes.
 *
 * <p><b>Before</b> K and V of s tokens as a projection leaves them, (s, k d) each. <b>After</b>
 * they are in the receiver's cache, as if it had appended them itself, bit for bit, whatever its
 * blocks.
 *
 * <p><b>Cost</b> one message a layer and request of {@link #sentBytes}, 8 s k d.
 *
 * <p><b>Threading</b> the thread of the rank; both ranks go through layers and requests in the same
 * order. Nothing is allocated once the longest prompt has passed.
 */
public final class KvHandOver {
  private final Communicator ranks;
  private final KvAppend append;
  private Matrix both = Matrix.zeros(0, 0);

  public KvHandOver(Communicator ranks, Variant variant) {
    this.ranks = ranks;
    append = Kernels.kvAppend(variant);
  }

  /** Sends one layer of one request. */
  public void send(int to, Matrix k, Matrix v) {
    room(k.rows(), k.cols());
    copy(k, 0);
    copy(v, k.rows());
    ranks.send(to, both.data(), both.offset(), 2 * k.rows() * k.cols());
  }

  /** Receives one layer of one request behind what a cache holds. */
  public void receive(int from, int tokens, KvSequence cache) {
    int width = cache.pool().kvHeads() * cache.pool().headDim();
    room(tokens, width);
    ranks.receive(from, both.data(), both.offset(), 2 * tokens * width);
    append.append(cache, half(0, tokens, width), half(tokens, tokens, width));
  }

  private void room(int tokens, int width) {
    if (both.rows() < 2 * tokens || both.cols() != width) {
      both = Matrix.zeros(2 * tokens, width);
    }
  }

  private void copy(Matrix from, int row) {
    for (int t = 0; t < from.rows(); t++) {
      System.arraycopy(
          from.data(),
          from.offset() + t * from.rowStride(),
          both.data(),
          both.offset() + (row + t) * both.rowStride(),
          from.cols());
    }
  }

  private Matrix half(int row, int rows, int width) {
    return new Matrix(both.data(), both.offset() + row * width, rows, width, width);
  }

  /** Bytes of s tokens of one layer, by formula. */
  public static long sentBytes(int tokens, int kvHeads, int headDim) {
    return 2L * Float.BYTES * tokens * kvHeads * headDim;
  }
}
