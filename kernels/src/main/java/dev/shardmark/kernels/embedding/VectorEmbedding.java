package dev.shardmark.kernels.embedding;

import static dev.shardmark.kernels.Species.F;
import static dev.shardmark.kernels.Species.LANES;

import jdk.incubator.vector.FloatVector;

/**
 * {@link Embedding} with the Vector API: four vectors a step, all loaded before one is stored. A
 * tail that fills no vector is done in plain code.
 */
public final class VectorEmbedding extends RowwiseEmbedding {
  @Override
  void copy(float[] from, int fromAt, float[] to, int toAt, int n) {
    int j = 0;
    for (; j <= n - 4 * LANES; j += 4 * LANES) {
      FloatVector v0 = FloatVector.fromArray(F, from, fromAt + j);
      FloatVector v1 = FloatVector.fromArray(F, from, fromAt + j + LANES);
      FloatVector v2 = FloatVector.fromArray(F, from, fromAt + j + 2 * LANES);
      FloatVector v3 = FloatVector.fromArray(F, from, fromAt + j + 3 * LANES);
      v0.intoArray(to, toAt + j);
      v1.intoArray(to, toAt + j + LANES);
      v2.intoArray(to, toAt + j + 2 * LANES);
      v3.intoArray(to, toAt + j + 3 * LANES);
    }
    for (; j <= n - LANES; j += LANES) {
      FloatVector.fromArray(F, from, fromAt + j).intoArray(to, toAt + j);
    }
    for (; j < n; j++) {
      to[toAt + j] = from[fromAt + j];
    }
  }
}
