package dev.shardmark.jmh;

import dev.shardmark.kernels.Kernels;
import dev.shardmark.kernels.Matrix;
import dev.shardmark.kernels.Variant;
import dev.shardmark.kernels.gemm.Gemm;
import dev.shardmark.kernels.gemm.GemmCheck;
import dev.shardmark.model.LinearShape;

/**
 * One rank's shard of a linear, ready to run: activations (m, k), weights (k, n), output (m, n).
 */
final class ShardedLinear {
  private final Gemm gemm;
  private final Matrix input;
  private final WeightPool weights;
  private final Matrix output;

  /** A shard whose values depend on the rank. */
  ShardedLinear(LinearShape shape, Variant variant, boolean cold, int rank) {
    gemm = Kernels.gemm(variant);
    input = RandomMatrix.of(shape.m(), shape.k(), 2L * rank + 42);
    weights = new WeightPool(shape.k(), shape.n(), cold, 2L * rank + 43);
    output = Matrix.zeros(shape.m(), shape.n());
  }

  /** Multiplies by the next weights of the pool. */
  void run() {
    gemm.multiply(1, input, weights.next(), 0, output);
  }

  Matrix output() {
    return output;
  }

  /** Runs once and returns the largest error over allowed error. */
  double verify() {
    Matrix next = weights.next();
    gemm.multiply(1, input, next, 0, output);
    return GemmCheck.worstOfLarge(1, input, next, output);
  }

  /** Bytes of the arrays one shard needs, kernel scratch included. */
  static long bytes(LinearShape shape, boolean cold) {
    long scratch = 32L << 20;
    return WeightPool.bytes(shape.k(), shape.n(), cold)
        + 4 * ((long) shape.m() * shape.k() + (long) shape.m() * shape.n())
        + scratch;
  }
}
