package dev.shardmark.kernels.sampling;

import static dev.shardmark.kernels.Species.F;
import static dev.shardmark.kernels.Species.LANES;

import dev.shardmark.kernels.LaneSum;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;

/** {@link Excess} with the Vector API; a tail that fills no vector is done in plain code. */
final class VectorExcess extends Excess {
  private final float[] lanes = new float[LANES];

  @Override
  double sum(int from, int to) {
    float[] p = this.p;
    int pAt = this.pAt;
    float[] q = this.q;
    int qAt = this.qAt;
    FloatVector zero = FloatVector.zero(F);
    FloatVector acc = zero;
    int j = from;
    for (; j <= to - LANES; j += LANES) {
      FloatVector excess =
          FloatVector.fromArray(F, p, pAt + j).sub(FloatVector.fromArray(F, q, qAt + j));
      acc = acc.add(zero.blend(excess, excess.compare(VectorOperators.GT, 0))); // 0 for NaN
    }
    acc.intoArray(lanes, 0);
    float sum = LaneSum.of(lanes);
    for (; j < to; j++) {
      sum += mass(j);
    }
    return sum;
  }
}
