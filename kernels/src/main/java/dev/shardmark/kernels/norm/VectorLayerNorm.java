package dev.shardmark.kernels.norm;

import static dev.shardmark.kernels.Species.F;
import static dev.shardmark.kernels.Species.LANES;

import dev.shardmark.kernels.LaneSum;
import dev.shardmark.kernels.Matrix;
import jdk.incubator.vector.FloatVector;

/**
 * {@link LayerNorm} with the Vector API: three passes over a row, two of them while it is in L1.
 *
 * <p>Sums go into four vectors, since one would wait for each addition before it. What fills no
 * group of four vectors, and then no vector, is done by plain loops.
 */
public final class VectorLayerNorm implements LayerNorm {
  private static final int GROUP = 4 * LANES;

  private final float[] lanes = new float[LANES];

  @Override
  public void normalize(Matrix x, Matrix weight, Matrix bias, float eps, Matrix y) {
    LayerNorm.check(x, weight, bias, eps, y);
    int n = x.cols();
    for (int i = 0; i < x.rows(); i++) {
      int rowX = x.offset() + i * x.rowStride();
      float mean = sum(x.data(), rowX, n) / n;
      float variance = squares(x.data(), rowX, n, mean) / n;
      scale(mean, 1 / (float) Math.sqrt(variance + eps), x, i, weight, bias, y);
    }
  }

  private float sum(float[] x, int at, int n) {
    FloatVector s0 = FloatVector.zero(F);
    FloatVector s1 = FloatVector.zero(F);
    FloatVector s2 = FloatVector.zero(F);
    FloatVector s3 = FloatVector.zero(F);
    int j = 0;
    for (; j <= n - GROUP; j += GROUP) {
      s0 = s0.add(FloatVector.fromArray(F, x, at + j));
      s1 = s1.add(FloatVector.fromArray(F, x, at + j + LANES));
      s2 = s2.add(FloatVector.fromArray(F, x, at + j + 2 * LANES));
      s3 = s3.add(FloatVector.fromArray(F, x, at + j + 3 * LANES));
    }
    for (; j <= n - LANES; j += LANES) {
      s0 = s0.add(FloatVector.fromArray(F, x, at + j));
    }
    s0.add(s1).add(s2.add(s3)).intoArray(lanes, 0);
    float sum = LaneSum.of(lanes);
    for (; j < n; j++) {
      sum += x[at + j];
    }
    return sum;
  }

  private float squares(float[] x, int at, int n, float mean) {
    FloatVector means = FloatVector.broadcast(F, mean);
    FloatVector s0 = FloatVector.zero(F);
    FloatVector s1 = FloatVector.zero(F);
    FloatVector s2 = FloatVector.zero(F);
    FloatVector s3 = FloatVector.zero(F);
    int j = 0;
    for (; j <= n - GROUP; j += GROUP) {
      FloatVector d0 = FloatVector.fromArray(F, x, at + j).sub(means);
      FloatVector d1 = FloatVector.fromArray(F, x, at + j + LANES).sub(means);
      FloatVector d2 = FloatVector.fromArray(F, x, at + j + 2 * LANES).sub(means);
      FloatVector d3 = FloatVector.fromArray(F, x, at + j + 3 * LANES).sub(means);
      s0 = d0.fma(d0, s0);
      s1 = d1.fma(d1, s1);
      s2 = d2.fma(d2, s2);
      s3 = d3.fma(d3, s3);
    }
    for (; j <= n - LANES; j += LANES) {
      FloatVector d = FloatVector.fromArray(F, x, at + j).sub(means);
      s0 = d.fma(d, s0);
    }
    s0.add(s1).add(s2.add(s3)).intoArray(lanes, 0);
    float sum = LaneSum.of(lanes);
    for (; j < n; j++) {
      float d = x[at + j] - mean;
      sum = Math.fma(d, d, sum);
    }
    return sum;
  }

  private static void scale(
      float mean, float inverse, Matrix x, int i, Matrix weight, Matrix bias, Matrix y) {
    FloatVector means = FloatVector.broadcast(F, mean);
    FloatVector inverses = FloatVector.broadcast(F, inverse);
    float[] from = x.data();
    float[] w = weight.data();
    float[] b = bias.data();
    float[] to = y.data();
    int rowX = x.offset() + i * x.rowStride();
    int rowY = y.offset() + i * y.rowStride();
    int n = x.cols();
    int j = 0;
    for (; j <= n - LANES; j += LANES) {
      FloatVector.fromArray(F, from, rowX + j)
          .sub(means)
          .mul(inverses)
          .fma(
              FloatVector.fromArray(F, w, weight.offset() + j),
              FloatVector.fromArray(F, b, bias.offset() + j))
          .intoArray(to, rowY + j);
    }
    for (; j < n; j++) {
      float scaled = (from[rowX + j] - mean) * inverse;
      to[rowY + j] = Math.fma(scaled, w[weight.offset() + j], b[bias.offset() + j]);
    }
  }
}
