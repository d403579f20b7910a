package dev.shardmark.kernels.sampling;

import static dev.shardmark.kernels.Species.F;
import static dev.shardmark.kernels.Species.LANES;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;

/**
 * {@link Scan} with the Vector API: four vectors are compared before one branch; the vector is
 * found among the four, then its lane. A tail that fills no vector is done in plain code.
 */
final class VectorScan implements Scan {
  @Override
  public int next(float[] x, int at, int from, int n, float add, float above) {
    int j = from;
    for (; j <= n - 4 * LANES; j += 4 * LANES) {
      VectorMask<Float> first = above(x, at + j, add, above);
      VectorMask<Float> second = above(x, at + j + LANES, add, above);
      VectorMask<Float> third = above(x, at + j + 2 * LANES, add, above);
      VectorMask<Float> fourth = above(x, at + j + 3 * LANES, add, above);
      if (first.or(second).or(third.or(fourth)).anyTrue()) {
        break;
      }
    }
    for (; j <= n - LANES; j += LANES) {
      VectorMask<Float> found = above(x, at + j, add, above);
      if (found.anyTrue()) {
        return j + found.firstTrue();
      }
    }
    while (j < n && !(x[at + j] + add > above)) {
      j++;
    }
    return j;
  }

  private static VectorMask<Float> above(float[] x, int at, float add, float above) {
    return FloatVector.fromArray(F, x, at).add(add).compare(VectorOperators.GT, above);
  }
}
