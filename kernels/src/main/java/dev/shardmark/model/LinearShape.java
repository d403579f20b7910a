package dev.shardmark.model;

import dev.shardmark.kernels.Work;

/**
 * The GEMM of one linear: (m x k) tokens times (k x n) weights.
 *
 * @param m tokens, at least 0
 * @param k input features
 * @param n output features
 * @throws IllegalArgumentException if a dimension is negative
 */
public record LinearShape(int m, int k, int n) {
  public LinearShape {
    if (m < 0 || k < 0 || n < 0) {
      throw new IllegalArgumentException(
          "shape must not be negative: m=" + m + " k=" + k + " n=" + n);
    }
  }

  /** The work in fp32: 2 m k n flop, 4 (m k + k n + m n) bytes. */
  public Work work() {
    return work(Float.BYTES);
  }

  /** The work: 2 m k n flop, w (m k + k n + m n) bytes, with w bytes per element. */
  public Work work(int bytesPerElement) {
    long weights = (long) k * n;
    long elements = (long) m * k + weights + (long) m * n;
    return new Work(
        Math.multiplyExact(2L * m, weights), Math.multiplyExact(elements, bytesPerElement));
  }
}
