package dev.shardmark.kernels.gemm;

import static dev.shardmark.kernels.Species.LANES;

import dev.shardmark.kernels.AlignedFloats;

/**
 * The register tile of a blocked product: {@code C = from + A panel * B panel}, of MR x NR.
 *
 * <p>A panel is an array of its own and starts at {@link AlignedFloats#START}: with constant
 * offsets one register addresses all operands of a step, and instructions count where a core is
 * shared with a sibling thread. A's panel holds its {@link #rows} rows {@link #KC} apart, B's
 * {@link #NR} values for each step of k. Both are padded with zeros, so that the tile needs no
 * mask.
 */
interface MicroKernel {
  /** Columns of the tile: two vectors. */
  int NR = 2 * LANES;

  /** Most steps of k in a panel: a B panel of 256-bit vectors is 16 KiB, half of a usual L1. */
  int KC = 256;

  /** Rows of the tile, MR. */
  int rows();

  /**
   * Multiplies one pair of panels.
   *
   * @param kc steps of k, at most {@link #KC}
   * @param from what to add to: C itself, or zeros with a stride of 0
   */
  void run(
      int kc,
      float[] a,
      float[] b,
      float[] from,
      int fromAt,
      int fromStride,
      float[] c,
      int cAt,
      int cStride);
}
