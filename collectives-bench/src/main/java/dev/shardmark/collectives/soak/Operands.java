package dev.shardmark.collectives.soak;

import dev.shardmark.collectives.GuardedBuffer;
import dev.shardmark.collectives.ReduceOp;

/**
 * Whole numbers that differ from rank to rank, from element to element and from call to call, and
 * whose sums over all ranks are exact.
 *
 * @param salt of the call
 */
record Operands(int salt) {
  /** Sums over 9 ranks are below 2^14, exact in fp32. */
  private static final int FP32_VALUES = 1 << 10;

  /** Sums over 9 ranks are below 2^8, exact in bf16. */
  static final int BF16_VALUES = 1 << 4;

  /** Element i of a rank. */
  int element(int rank, int i) {
    return Math.floorMod(mixed(rank, i), FP32_VALUES);
  }

  /** All ranks' elements i, combined. */
  int combined(ReduceOp op, int ranks, int i) {
    return combined(op, ranks, i, FP32_VALUES);
  }

  /** The same of elements modulo {@code values}. */
  int combined(ReduceOp op, int ranks, int i, int values) {
    float combined = element(0, i) % values;
    for (int rank = 1; rank < ranks; rank++) {
      combined = op.apply(combined, element(rank, i) % values);
    }
    return (int) combined;
  }

  /** A number below {@code bound} for a pair of ranks. */
  int number(int rank, int peer, int bound) {
    return Math.floorMod(mixed(-1 - rank, peer), bound);
  }

  /** A rank's elements. */
  GuardedBuffer of(int rank, int length) {
    return new GuardedBuffer(length, i -> element(rank, i));
  }

  /** The bits of (salt, a, b), mixed: multiplications by odd numbers and shifts. */
  private int mixed(int a, int b) {
    int bits = (salt * 0x9e3779b1 + a) * 0x85ebca6b + b;
    bits = (bits ^ bits >>> 15) * 0x2c1b3c6d;
    bits = (bits ^ bits >>> 12) * 0x297a2d39;
    return bits ^ bits >>> 15;
  }
}
