package dev.shardmark.kernels.sampling;

import static dev.shardmark.kernels.AlignedFloats.START;
import static dev.shardmark.kernels.Species.F;
import static dev.shardmark.kernels.Species.LANES;

import dev.shardmark.kernels.AlignedFloats;
import dev.shardmark.kernels.LaneSum;
import dev.shardmark.kernels.math.VectorExp;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;

/** {@link Powers} with the Vector API, in blocks; what fills no vector is done in plain code. */
final class VectorPowers extends Powers {
  private static final int BLOCK = 512;

  private final float[] powers = AlignedFloats.allocate(BLOCK);
  private final float[] lanes = new float[LANES];

  @Override
  double sum(int from, int to) {
    float sum = 0;
    int whole = to - (to - from) % LANES;
    for (int j = from; j < whole; j += BLOCK) {
      sum += block(at + j, Math.min(BLOCK, whole - j));
    }
    for (int j = whole; j < to; j++) {
      sum += mass(j);
    }
    return sum;
  }

  /** The sum over some whole vectors. */
  private float block(int from, int length) {
    differences(x, from, largest, powers, length);
    VectorExp.row(scale, powers, START, 0, powers, START, length, lanes);
    return sumFrom(least, powers, length, lanes);
  }

  private static void differences(float[] x, int from, float largest, float[] to, int length) {
    for (int j = 0; j < length; j += LANES) {
      FloatVector.fromArray(F, x, from + j).sub(largest).intoArray(to, START + j);
    }
  }

  /** Of the masses that are not below the least. */
  private static float sumFrom(float least, float[] mass, int length, float[] lanes) {
    FloatVector zero = FloatVector.zero(F);
    FloatVector sum = zero;
    for (int j = 0; j < length; j += LANES) {
      FloatVector e = FloatVector.fromArray(F, mass, START + j);
      sum = sum.add(zero.blend(e, e.compare(VectorOperators.GE, least))); // 0 for NaN
    }
    sum.intoArray(lanes, 0);
    return LaneSum.of(lanes);
  }

  @Override
  float power(float logit) {
    return VectorExp.exp((logit - largest) * scale);
  }
}
