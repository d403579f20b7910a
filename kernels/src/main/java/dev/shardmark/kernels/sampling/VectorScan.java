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
      VectorMask<Float> first =
          FloatVector.fromArray(F, x, at + j).add(add).compare(VectorOperators.GT, above);
      VectorMask<Float> second =
          FloatVector.fromArray(F, x, at + j + LANES).add(add).compare(VectorOperators.GT, above);
      VectorMask<Float> third =
          FloatVector.fromArray(F, x, at + j + 2 * LANES)
              .add(add)
              .compare(VectorOperators.GT, above);
      VectorMask<Float> fourth =
          FloatVector.fromArray(F, x, at + j + 3 * LANES)
              .add(add)
              .compare(VectorOperators.GT, above);
      if (first.or(second).or(third.or(fourth)).anyTrue()) {
        break;
      }
    }
    for (; j <= n - LANES; j += LANES) {
      VectorMask<Float> found =
          FloatVector.fromArray(F, x, at + j).add(add).compare(VectorOperators.GT, above);
      if (found.anyTrue()) {
        return j + found.firstTrue();
      }
    }
    while (j < n && !(x[at + j] + add > above)) {
      j++;
    }
    return j;
  }
}
