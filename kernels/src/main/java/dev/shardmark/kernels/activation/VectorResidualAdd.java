package dev.shardmark.kernels.activation;

import static dev.shardmark.kernels.Species.F;
import static dev.shardmark.kernels.Species.LANES;

import dev.shardmark.kernels.Matrix;
import jdk.incubator.vector.FloatVector;

/** {@link ResidualAdd} with the Vector API, one vector at a time; the tail is a plain loop. */
public final class VectorResidualAdd implements ResidualAdd {
  @Override
  public void add(Matrix x, Matrix residual) {
    Shapes.same(x, residual);
    for (int i = 0; i < x.rows(); i++) {
      int rowX = x.offset() + i * x.rowStride();
      int rowR = residual.offset() + i * residual.rowStride();
      row(x.data(), rowX, residual.data(), rowR, x.cols());
    }
  }

  private static void row(float[] x, int xAt, float[] r, int rAt, int n) {
    int j = 0;
    for (; j <= n - LANES; j += LANES) {
      FloatVector.fromArray(F, r, rAt + j)
          .add(FloatVector.fromArray(F, x, xAt + j))
          .intoArray(r, rAt + j);
    }
    for (; j < n; j++) {
      r[rAt + j] += x[xAt + j];
    }
  }
}
