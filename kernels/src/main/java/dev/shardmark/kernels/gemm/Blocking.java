package dev.shardmark.kernels.gemm;

import dev.shardmark.kernels.Caches;

/**
 * Cache blocks of a packed product, in elements.
 *
 * <p>{@link MicroKernel#KC} steps of mc rows of A and of nb columns of B, and the mc x nb sums, are
 * what the L2 holds; kc x nc of B stays in L3 while all rows of A pass by.
 *
 * @param mc rows of A packed at a time
 * @param nb columns of B multiplied by them before the next steps of k
 * @param kc steps of k between two updates of C
 * @param nc columns of B packed at a time
 * @throws IllegalArgumentException unless all are positive
 */
public record Blocking(int mc, int nb, int kc, int nc) {
  /** Beyond this, updates of C cost nothing any more. */
  private static final int DEEP = 4 * MicroKernel.KC;

  public Blocking {
    if (mc < 1 || nb < 1 || kc < 1 || nc < 1) {
      throw new IllegalArgumentException(
          "blocks must be positive: mc=" + mc + " nb=" + nb + " kc=" + kc + " nc=" + nc);
    }
  }

  /** Three eighths of the L2 for A, a quarter for B; a quarter of the L3, which others share. */
  public static Blocking of(Caches caches) {
    long columnsOfL2 = caches.l2Bytes() / (Float.BYTES * MicroKernel.KC);
    int mc = Math.clamp(columnsOfL2 * 3 / 8, 48, 960);
    int nb = Math.clamp(columnsOfL2 / 4, 64, 512);
    int nc = Math.clamp(caches.l3Bytes() / 4 / (Float.BYTES * DEEP), nb, 4096);
    return new Blocking(mc, nb, DEEP, nc);
  }

  /** The multiple of {@code unit} that cuts a length into equal blocks of about the limit. */
  static int evenly(int length, int limit, int unit) {
    int blocks = Math.max(1, Math.ceilDiv(length, limit));
    return Math.max(1, Math.ceilDiv(Math.ceilDiv(length, blocks), unit)) * unit;
  }
}
