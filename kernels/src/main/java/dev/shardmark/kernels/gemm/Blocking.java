package dev.shardmark.kernels.gemm;

/**
 * Cache blocks of a packed product, in elements.
 *
 * <p>kc x (one B panel) stays in L1 while a column of tiles runs, mc x kc of A stays in L2, kc x nc
 * of B stays in L3 or is at least streamed from there once per mc rows.
 *
 * @param mc rows of A packed at a time
 * @param kc steps of k between two updates of C
 * @param nc columns of B packed at a time
 * @throws IllegalArgumentException unless all three are positive
 */
public record Blocking(int mc, int kc, int nc) {
  public Blocking {
    if (mc < 1 || kc < 1 || nc < 1) {
      throw new IllegalArgumentException(
          "blocks must be positive: mc=" + mc + " kc=" + kc + " nc=" + nc);
    }
  }

  /** The multiple of {@code unit} that cuts a length into equal blocks of about the limit. */
  static int evenly(int length, int limit, int unit) {
    int blocks = Math.max(1, Math.ceilDiv(length, limit));
    return Math.ceilDiv(Math.ceilDiv(length, blocks), unit) * unit;
  }
}
