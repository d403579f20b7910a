package dev.shardmark.kernels.gemm;

/**
 * The register tile of a blocked product: {@code C[rows x vectors] (+)= A panel * B panel}.
 *
 * <p>The A panel holds {@link #rows} values for each step of k, the B panel {@link #vectors}
 * vectors for each step of k, both packed and padded with zeros, so that the tile needs no mask.
 */
interface MicroKernel {
  /** Rows of the tile, MR. */
  int rows();

  /** Vectors in a row of the tile; NR is this times the lanes. */
  int vectors();

  /**
   * Multiplies one pair of panels.
   *
   * @param kc steps of k
   * @param add whether to add to C or to overwrite it without reading
   */
  void run(
      int kc, float[] a, int aAt, float[] b, int bAt, float[] c, int cAt, int ldc, boolean add);
}
