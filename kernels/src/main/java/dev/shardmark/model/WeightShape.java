package dev.shardmark.model;

/**
 * A weight matrix that takes {@code k} inputs to {@code n} outputs.
 *
 * @param k rows: input features
 * @param n columns: output features
 * @throws IllegalArgumentException if either is below 1
 */
public record WeightShape(int k, int n) {
  public WeightShape {
    if (k < 1 || n < 1) {
      throw new IllegalArgumentException("a weight must not be empty: k=" + k + " n=" + n);
    }
  }

  public long elements() {
    return (long) k * n;
  }

  public long bytes(int bytesPerElement) {
    return elements() * bytesPerElement;
  }
}
