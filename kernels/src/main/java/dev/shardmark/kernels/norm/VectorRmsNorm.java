package dev.shardmark.kernels.norm;

import static dev.shardmark.kernels.Species.F;
import static dev.shardmark.kernels.Species.LANES;

import dev.shardmark.kernels.LaneSum;
import dev.shardmark.kernels.Matrix;
import jdk.incubator.vector.FloatVector;

/**
 * {@link RmsNorm} with the Vector API: two passes over a row, the second while it is still in L1.
 *
 * <p>Squares go into four sums, since one would wait for each multiply-add before it. What fills no
 * group of four vectors, and then no vector, is done by plain loops.
 */
public final class VectorRmsNorm implements RmsNorm {
  private static final int GROUP = 4 * LANES;

  private final float[] lanes = new float[LANES];

  @Override
  public void normalize(Matrix x, Matrix weight, float eps, Matrix y) {
    RmsNorm.check(x, weight, eps, y);
    if (x.rows() == 0) {
      return;
    }
    float squares = squares(x.data(), x.offset(), x.cols());
    for (int i = 0; i < x.rows() - 1; i++) {
      squares = scaleAndSquareNext(squares, x, i, weight, eps, y);
    }
    scale(squares, 0, x, x.rows() - 1, weight, eps, y);
  }

  @Override
  public void addAndNormalize(Matrix x, Matrix residual, Matrix weight, float eps, Matrix y) {
    RmsNorm.check(x, residual, weight, eps, y);
    for (int i = 0; i < x.rows(); i++) {
      int rowX = x.offset() + i * x.rowStride();
      int rowR = residual.offset() + i * residual.rowStride();
      float squares = addAndSquare(x.data(), rowX, residual.data(), rowR, x.cols());
      scale(squares, 0, residual, i, weight, eps, y);
    }
  }

  private float squares(float[] x, int at, int n) {
    FloatVector s0 = FloatVector.zero(F);
    FloatVector s1 = FloatVector.zero(F);
    FloatVector s2 = FloatVector.zero(F);
    FloatVector s3 = FloatVector.zero(F);
    int j = 0;
    for (; j <= n - GROUP; j += GROUP) {
      FloatVector v0 = FloatVector.fromArray(F, x, at + j);
      FloatVector v1 = FloatVector.fromArray(F, x, at + j + LANES);
      FloatVector v2 = FloatVector.fromArray(F, x, at + j + 2 * LANES);
      FloatVector v3 = FloatVector.fromArray(F, x, at + j + 3 * LANES);
      s0 = v0.fma(v0, s0);
      s1 = v1.fma(v1, s1);
      s2 = v2.fma(v2, s2);
      s3 = v3.fma(v3, s3);
    }
    for (; j <= n - LANES; j += LANES) {
      FloatVector v = FloatVector.fromArray(F, x, at + j);
      s0 = v.fma(v, s0);
    }
    s0.add(s1).add(s2.add(s3)).intoArray(lanes, 0);
    return LaneSum.of(lanes) + tail(x, at + j, n - j);
  }

  private static float tail(float[] x, int at, int length) {
    float sum = 0;
    for (int j = at; j < at + length; j++) {
      sum = Math.fma(x[j], x[j], sum);
    }
    return sum;
  }

  /**
   * Scales row i, and returns the squares of row i + 1, in the order of {@link #squares}: memory
   * then reads one stream while it writes another, as a copy does.
   */
  private float scaleAndSquareNext(
      float squares, Matrix x, int i, Matrix weight, float eps, Matrix y) {
    FloatVector inverses = FloatVector.broadcast(F, inverse(squares, x.cols(), eps));
    float[] from = x.data();
    float[] w = weight.data();
    float[] to = y.data();
    int rowX = x.offset() + i * x.rowStride();
    int next = rowX + x.rowStride();
    int rowY = y.offset() + i * y.rowStride();
    int rowW = weight.offset();
    FloatVector s0 = FloatVector.zero(F);
    FloatVector s1 = FloatVector.zero(F);
    FloatVector s2 = FloatVector.zero(F);
    FloatVector s3 = FloatVector.zero(F);
    int j = 0;
    for (; j <= x.cols() - GROUP; j += GROUP) {
      FloatVector v = FloatVector.fromArray(F, from, next + j);
      s0 = v.fma(v, s0);
      FloatVector.fromArray(F, from, rowX + j)
          .mul(inverses)
          .mul(FloatVector.fromArray(F, w, rowW + j))
          .intoArray(to, rowY + j);
      int k = j + LANES;
      v = FloatVector.fromArray(F, from, next + k);
      s1 = v.fma(v, s1);
      FloatVector.fromArray(F, from, rowX + k)
          .mul(inverses)
          .mul(FloatVector.fromArray(F, w, rowW + k))
          .intoArray(to, rowY + k);
      k += LANES;
      v = FloatVector.fromArray(F, from, next + k);
      s2 = v.fma(v, s2);
      FloatVector.fromArray(F, from, rowX + k)
          .mul(inverses)
          .mul(FloatVector.fromArray(F, w, rowW + k))
          .intoArray(to, rowY + k);
      k += LANES;
      v = FloatVector.fromArray(F, from, next + k);
      s3 = v.fma(v, s3);
      FloatVector.fromArray(F, from, rowX + k)
          .mul(inverses)
          .mul(FloatVector.fromArray(F, w, rowW + k))
          .intoArray(to, rowY + k);
    }
    scale(squares, j, x, i, weight, eps, y);
    for (; j <= x.cols() - LANES; j += LANES) {
      FloatVector v = FloatVector.fromArray(F, from, next + j);
      s0 = v.fma(v, s0);
    }
    s0.add(s1).add(s2.add(s3)).intoArray(lanes, 0);
    return LaneSum.of(lanes) + tail(from, next + j, x.cols() - j);
  }

  private static float inverse(float squares, int n, float eps) {
    return 1 / (float) Math.sqrt(squares / n + eps);
  }

  private float addAndSquare(float[] x, int xAt, float[] r, int rAt, int n) {
    FloatVector s0 = FloatVector.zero(F);
    FloatVector s1 = FloatVector.zero(F);
    FloatVector s2 = FloatVector.zero(F);
    FloatVector s3 = FloatVector.zero(F);
    int j = 0;
    for (; j <= n - GROUP; j += GROUP) {
      FloatVector v0 =
          FloatVector.fromArray(F, r, rAt + j).add(FloatVector.fromArray(F, x, xAt + j));
      FloatVector v1 =
          FloatVector.fromArray(F, r, rAt + j + LANES)
              .add(FloatVector.fromArray(F, x, xAt + j + LANES));
      FloatVector v2 =
          FloatVector.fromArray(F, r, rAt + j + 2 * LANES)
              .add(FloatVector.fromArray(F, x, xAt + j + 2 * LANES));
      FloatVector v3 =
          FloatVector.fromArray(F, r, rAt + j + 3 * LANES)
              .add(FloatVector.fromArray(F, x, xAt + j + 3 * LANES));
      v0.intoArray(r, rAt + j);
      v1.intoArray(r, rAt + j + LANES);
      v2.intoArray(r, rAt + j + 2 * LANES);
      v3.intoArray(r, rAt + j + 3 * LANES);
      s0 = v0.fma(v0, s0);
      s1 = v1.fma(v1, s1);
      s2 = v2.fma(v2, s2);
      s3 = v3.fma(v3, s3);
    }
    for (; j <= n - LANES; j += LANES) {
      FloatVector v =
          FloatVector.fromArray(F, r, rAt + j).add(FloatVector.fromArray(F, x, xAt + j));
      v.intoArray(r, rAt + j);
      s0 = v.fma(v, s0);
    }
    s0.add(s1).add(s2.add(s3)).intoArray(lanes, 0);
    float sum = LaneSum.of(lanes);
    for (; j < n; j++) {
      float v = r[rAt + j] + x[xAt + j];
      r[rAt + j] = v;
      sum = Math.fma(v, v, sum);
    }
    return sum;
  }

  /** Scales row i from column {@code j} on. */
  private static void scale(
      float squares, int j, Matrix x, int i, Matrix weight, float eps, Matrix y) {
    float inverse = inverse(squares, x.cols(), eps);
    FloatVector inverses = FloatVector.broadcast(F, inverse);
    float[] from = x.data();
    float[] w = weight.data();
    float[] to = y.data();
    int rowX = x.offset() + i * x.rowStride();
    int rowY = y.offset() + i * y.rowStride();
    int rowW = weight.offset();
    int n = x.cols();
    for (; j <= n - LANES; j += LANES) {
      FloatVector.fromArray(F, from, rowX + j)
          .mul(inverses)
          .mul(FloatVector.fromArray(F, w, rowW + j))
          .intoArray(to, rowY + j);
    }
    for (; j < n; j++) {
      to[rowY + j] = from[rowX + j] * inverse * w[rowW + j];
    }
  }
}
