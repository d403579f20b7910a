package dev.shardmark.kernels.gemm;

import static dev.shardmark.kernels.Species.LANES;

import dev.shardmark.kernels.AlignedFloats;
import dev.shardmark.kernels.Species;

/**
 * The register tile of a packed product: {@code tile += narrow panel * wide panel}.
 *
 * <p>The values of the narrow panel are broadcast, {@link #rows} of them for each step of k; those
 * of the wide panel fill vectors, {@link #cols} of them a step. Which operand is which is for the
 * caller to choose: rows of A are narrow where B is packed for one product, columns of B where it
 * is packed for many.
 *
 * <p><b>Layout</b> panels are arrays of their own that start at {@link AlignedFloats#START}. The
 * narrow panel holds {@link #run} steps of its first row, then as many of its second, and so on;
 * then the next steps: rows are packed as whole vectors. The wide panel holds {@link #cols} values
 * for each step. The tile is contiguous, {@link #rows} rows of {@link #cols}.
 */
public interface MicroKernel {
  /** Most values of a wide panel in a step: two vectors. */
  int NR = 2 * LANES;

  /** Most steps of k in a panel: a wide panel of 256-bit vectors is 16 KiB, half of a usual L1. */
  int KC = 256;

  /** Values of the narrow panel in a step. */
  int rows();

  /** Values of the wide panel in a step, whole vectors. */
  int cols();

  /**
   * Steps of k of one row that lie together: {@link #KC}, so that rows lie a constant apart, or a
   * vector, so that a panel is read from start to end, as memory prefetches.
   */
  int run();

  /**
   * Multiplies one pair of panels.
   *
   * @param kc steps of k, at most {@link #KC}
   * @param at where the tile starts
   */
  void run(int kc, float[] narrow, float[] wide, float[] tile, int at);

  /** The tile for this machine's registers, with rows {@link #KC} apart. */
  static MicroKernel best() {
    boolean many =
        Species.F.vectorBitSize() == 512 || System.getProperty("os.arch").equals("aarch64");
    return many ? new MicroKernel12x2() : new MicroKernel6x2();
  }
}
