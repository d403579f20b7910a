package dev.shardmark.kernels;

/**
 * What one call must do at least: floating-point operations, and compulsory bytes of memory
 * traffic.
 *
 * <p>A fused multiply-add counts as 2 flop. Compulsory bytes count each input element read once and
 * each output element written once; caches that hold nothing between calls could do no better, so
 * {@link #intensity} is the <em>algorithmic</em> arithmetic intensity.
 *
 * @param flop floating-point operations, at least 0
 * @param bytes compulsory bytes, at least 0
 * @throws IllegalArgumentException if either is negative
 */
public record Work(long flop, long bytes) {
  public Work {
    if (flop < 0 || bytes < 0) {
      throw new IllegalArgumentException(
          "work must not be negative: flop=" + flop + " bytes=" + bytes);
    }
  }

  /** Arithmetic intensity in flop per byte; 0 when no byte moves. */
  public double intensity() {
    return bytes == 0 ? 0 : (double) flop / bytes;
  }

  /** The work of doing this, then {@code other}. */
  public Work plus(Work other) {
    return new Work(Math.addExact(flop, other.flop), Math.addExact(bytes, other.bytes));
  }
}
