package dev.shardmark.kernels.gemm;

import static dev.shardmark.kernels.AlignedFloats.START;
import static dev.shardmark.kernels.Species.F;
import static dev.shardmark.kernels.Species.LANES;

import dev.shardmark.kernels.AlignedFloats;
import dev.shardmark.kernels.Matrix;
import java.util.Arrays;
import jdk.incubator.vector.FloatVector;

/**
 * Part of a product while it is being summed: register tiles, one after the other.
 *
 * <p>Tiles whose rows lie a row of C apart cost 6 % of the whole product; contiguous ones come from
 * the L2 for nothing, and C is touched once. Whole tiles are computed even where they stick out of
 * C, so that no kernel needs a mask: only what belongs to C is stored.
 */
final class Tiles {
  private final MicroKernel kernel;
  private final MicroKernel slim;
  private final int mr;
  private final int nr;
  private int narrowPanels;
  private int widePanels;
  private int lastNr;
  private float[] data = new float[0];

  Tiles(MicroKernel kernel) {
    this(kernel, kernel);
  }

  /**
   * Tiles of two kinds.
   *
   * @param slim of as many rows as the other, for a last wide panel that it holds
   */
  Tiles(MicroKernel kernel, MicroKernel slim) {
    this.kernel = kernel;
    this.slim = slim;
    this.mr = kernel.rows();
    this.nr = kernel.cols();
  }

  /** Whether the last wide panel of so many columns is a slim one. */
  boolean isSlim(int columns) {
    int rest = columns % nr;
    return rest > 0 && rest <= slim.cols();
  }

  /** Starts a sum of so many panels by the panels of so many columns. */
  void clear(int narrowPanels, int columns) {
    this.narrowPanels = narrowPanels;
    widePanels = Math.ceilDiv(columns, nr);
    lastNr = isSlim(columns) ? slim.cols() : nr;
    int length = narrowPanels * widePanels * mr * nr;
    if (data.length < START + length) {
      data = AlignedFloats.allocate(length);
    } else {
      Arrays.fill(data, START, START + length, 0);
    }
  }

  /**
   * Adds kc steps of k: every wide panel stays in L1 while the narrow ones pass by.
   *
   * @param firstNarrow which panel of {@code narrow} is the first of this sum
   * @param firstWide the same for {@code wide}
   */
  void add(int kc, float[][] narrow, int firstNarrow, float[][] wide, int firstWide) {
    for (int w = 0; w < widePanels; w++) {
      MicroKernel tile = cols(w) == nr ? kernel : slim;
      for (int i = 0; i < narrowPanels; i++) {
        tile.run(kc, narrow[firstNarrow + i], wide[firstWide + w], data, at(i, w));
      }
    }
  }

  private int at(int narrow, int wide) {
    return START + (wide * narrowPanels * nr + narrow * cols(wide)) * mr;
  }

  private int cols(int wide) {
    return wide == widePanels - 1 ? lastNr : nr;
  }

  /**
   * {@code C = alpha * sum + beta * C} for rows x cols at (row, col), narrow panels being rows, of
   * tiles of one kind.
   */
  void store(float alpha, float beta, Matrix c, int row, int col, int rows, int cols) {
    for (int i = 0; i < rows; i++) {
      int to = c.offset() + (row + i) * c.rowStride() + col;
      int from = at(i / mr, 0) + i % mr * nr;
      int step = narrowPanels * mr * nr;
      for (int j = 0; j < cols; j += nr, from += step) {
        if (cols - j >= nr) {
          for (int v = 0; v < nr; v += LANES) {
            vector(alpha, from + v, beta, c.data(), to + j + v);
          }
        } else {
          scalar(alpha, from, 1, beta, c.data(), to + j, cols - j);
        }
      }
    }
  }

  /** The same, narrow panels being columns of C, of both kinds. */
  void storeTransposed(float alpha, float beta, Matrix c, int row, int col, int rows, int cols) {
    for (int i = 0; i < rows; i++) {
      int to = c.offset() + (row + i) * c.rowStride() + col;
      int width = cols(i / nr);
      int from = at(0, i / nr) + i % nr;
      for (int j = 0; j < cols; j += mr, from += mr * width) {
        scalar(alpha, from, width, beta, c.data(), to + j, Math.min(mr, cols - j));
      }
    }
  }

  private void vector(float alpha, int from, float beta, float[] c, int to) {
    FloatVector sum = FloatVector.fromArray(F, data, from).mul(alpha);
    if (beta != 0) {
      FloatVector old = FloatVector.fromArray(F, c, to);
      sum = old.fma(FloatVector.broadcast(F, beta), sum);
    }
    sum.intoArray(c, to);
  }

  private void scalar(float alpha, int from, int step, float beta, float[] c, int to, int length) {
    for (int j = to; j < to + length; j++, from += step) {
      float sum = alpha * data[from];
      c[j] = beta == 0 ? sum : Math.fma(beta, c[j], sum);
    }
  }
}
