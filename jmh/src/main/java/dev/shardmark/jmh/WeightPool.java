package dev.shardmark.jmh;

import dev.shardmark.kernels.Caches;
import dev.shardmark.kernels.Matrix;

/**
 * The weights a linear multiplies by, call after call.
 *
 * <p><em>Cold</em> weights come from memory, as in a model whose other layers ran in between: so
 * many copies take turns that none is left in the last cache when it is needed again. <em>Warm</em>
 * weights are one copy, wherever it stays.
 */
final class WeightPool {
  /** A pool this many times the last cache leaves nothing of a copy when its turn comes. */
  private static final int CACHES = 4;

  private final Matrix[] copies;
  private int next;

  /** Weights of k x n. */
  WeightPool(int k, int n, boolean cold, long seed) {
    copies = new Matrix[cold ? copies(k, n) : 1];
    copies[0] = RandomMatrix.of(k, n, seed);
    for (int i = 1; i < copies.length; i++) {
      copies[i] = new Matrix(copies[0].data().clone(), copies[0].offset(), k, n, n);
    }
  }

  /** The weights of the next call. */
  Matrix next() {
    next = next + 1 == copies.length ? 0 : next + 1;
    return copies[next];
  }

  /** Copies a cold pool of k x n weights holds. */
  static int copies(int k, int n) {
    return copies(4L * k * n);
  }

  /** Copies of {@code bytes} each that leave nothing of one in a cache when its turn comes. */
  static int copies(long bytes) {
    return Math.toIntExact(Math.ceilDiv(CACHES * Caches.here().l3Bytes(), bytes));
  }

  /** Bytes of the whole pool. */
  static long bytes(int k, int n, boolean cold) {
    return 4L * k * n * (cold ? copies(k, n) : 1);
  }
}
