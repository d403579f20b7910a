package dev.shardmark.kernels.kvcache;

import dev.shardmark.kernels.Matrix;
import dev.shardmark.kernels.Work;

/**
 * Appends the keys and values of new tokens to a sequence.
 *
 * <p><b>Shapes</b> K and V are (T, G D), as a projection leaves them: a row is a token, its G heads
 * of D elements side by side. In the cache K lies transposed, a panel of tokens at a time, see
 * {@link KvPool}.
 *
 * <p><b>Edge cases</b> T, G and D may be 0. Elements may be anything: fp32 keeps every bit; bf16
 * rounds to nearest, ties to even, overflows to infinity and keeps NaN a NaN, see {@link
 * dev.shardmark.kernels.math.Bf16}. The first tokens fill the sequence's last block, and nothing is
 * written beyond the new length, nor to the padding of V. If the pool has too few blocks, nothing
 * changes.
 *
 * <p><b>Error</b> none: the result is exact, bit for bit but for the payload of NaN.
 *
 * <p><b>Work</b> {@link #work}: no arithmetic; K and V read as fp32 and written as they are stored.
 *
 * <p><b>Threading</b> one thread for a pool and its sequences; an instance may own scratch.
 *
 * <p><b>Source</b> blocks and their table: W. Kwon et al., Efficient Memory Management for Large
 * Language Model Serving with PagedAttention, 2023.
 */
public interface KvAppend {
  /**
   * Appends.
   *
   * @throws IllegalArgumentException if the shapes disagree
   * @throws OutOfBlocksException if the pool has too few free blocks; nothing has changed then
   */
  void append(KvSequence sequence, Matrix k, Matrix v);

  /** The work of one call. */
  static Work work(long tokens, long kvHeads, long headDim, KvStorage storage) {
    return new Work(0, 2 * tokens * kvHeads * headDim * (Float.BYTES + storage.bytes()));
  }

  /** Checks that the operands fit together. */
  static void checkShapes(KvPool pool, Matrix k, Matrix v) {
    long width = (long) pool.kvHeads() * pool.headDim();
    if (k.rows() != v.rows() || k.cols() != width || v.cols() != width) {
      throw new IllegalArgumentException(
          "shapes disagree: K is "
              + k.rows()
              + "x"
              + k.cols()
              + ", V is "
              + v.rows()
              + "x"
              + v.cols()
              + ", a token of the cache is "
              + pool.kvHeads()
              + "x"
              + pool.headDim());
    }
  }
}
