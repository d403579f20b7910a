package dev.shardmark.kernels.gemm;

import static dev.shardmark.kernels.Species.LANES;

/**
 * The register tile of a blocked product: {@code C[MR x NR] (+)= A panel * B panel}.
 *
 * <p>The A panel holds {@link #rows} values for each step of k, the B panel {@link #NR}, both
 * packed and padded with zeros, so that the tile needs no mask.
 */
interface MicroKernel {
  /** Columns of the tile: two vectors. */
  int NR = 2 * LANES;

  /** Rows of the tile, MR: a multiple of 4. */
  int rows();

  /**
   * Multiplies one pair of panels.
   *
   * @param kc steps of k
   * @param add whether to add to C or to overwrite it without reading
   */
  void run(
      int kc, float[] a, int aAt, float[] b, int bAt, float[] c, int cAt, int ldc, boolean add);
}
