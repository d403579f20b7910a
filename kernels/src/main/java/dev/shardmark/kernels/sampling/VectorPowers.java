package dev.shardmark.kernels.sampling;

import static dev.shardmark.kernels.Species.F;
import static dev.shardmark.kernels.Species.LANES;

import dev.shardmark.kernels.LaneSum;
import dev.shardmark.kernels.math.VectorExp;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;

/** {@link Powers} with the Vector API; a tail that fills no vector is done in plain code. */
final class VectorPowers extends Powers {
  private final float[] lanes = new float[LANES];

  @Override
  double sum(int from, int to) {
    float[] x = this.x;
    int at = this.at;
    float largest = this.largest;
    float scale = this.scale;
    float least = this.least;
    FloatVector zero = FloatVector.zero(F);
    FloatVector acc = zero;
    int j = from;
    for (; j <= to - LANES; j += LANES) {
      FloatVector e = VectorExp.exp(FloatVector.fromArray(F, x, at + j).sub(largest).mul(scale));
      acc = acc.add(zero.blend(e, e.compare(VectorOperators.GE, least))); // 0 for NaN
    }
    acc.intoArray(lanes, 0);
    float sum = LaneSum.of(lanes);
    for (; j < to; j++) {
      sum += mass(j);
    }
    return sum;
  }

  @Override
  float power(float logit) {
    return VectorExp.exp((logit - largest) * scale);
  }
}
