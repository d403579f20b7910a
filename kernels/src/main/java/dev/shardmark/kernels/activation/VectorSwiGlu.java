package dev.shardmark.kernels.activation;

import static dev.shardmark.kernels.AlignedFloats.START;
import static dev.shardmark.kernels.Species.F;
import static dev.shardmark.kernels.Species.LANES;

import dev.shardmark.kernels.AlignedFloats;
import dev.shardmark.kernels.Matrix;
import dev.shardmark.kernels.math.VectorExp;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;

/** {@link SwiGlu} with the Vector API, in blocks of a row whose powers stay in L1. */
public final class VectorSwiGlu implements SwiGlu {
  private static final int BLOCK = 512;

  private final float[] powers = AlignedFloats.allocate(BLOCK);
  private final float[] lanes = new float[LANES];

  @Override
  public void apply(Matrix gate, Matrix up, Matrix y) {
    Shapes.same(gate, up);
    Shapes.same(gate, y);
    for (int i = 0; i < y.rows(); i++) {
      int rowG = gate.offset() + i * gate.rowStride();
      int rowU = up.offset() + i * up.rowStride();
      int rowY = y.offset() + i * y.rowStride();
      for (int j = 0; j < y.cols(); j += BLOCK) {
        int length = Math.min(BLOCK, y.cols() - j);
        VectorExp.row(-1, gate.data(), rowG + j, 0, powers, START, length, lanes);
        gate(gate.data(), rowG + j, powers, up.data(), rowU + j, y.data(), rowY + j, length);
      }
    }
  }

  private static void gate(
      float[] gate, int gAt, float[] powers, float[] up, int uAt, float[] y, int yAt, int n) {
    int j = 0;
    for (; j <= n - LANES; j += LANES) {
      FloatVector x = FloatVector.fromArray(F, gate, gAt + j);
      FloatVector e = FloatVector.fromArray(F, powers, START + j);
      // beyond, the quotient is as good as 0; see the error bound
      e =
          e.blend(
              Float.POSITIVE_INFINITY, x.compare(VectorOperators.LT, -VectorExp.HIGHEST_OF_ROW));
      x.div(e.add(1)).mul(FloatVector.fromArray(F, up, uAt + j)).intoArray(y, yAt + j);
    }
    for (; j < n; j++) {
      y[yAt + j] = gate[gAt + j] / (1 + powers[START + j]) * up[uAt + j];
    }
  }
}
