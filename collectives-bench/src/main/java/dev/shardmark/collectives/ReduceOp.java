package dev.shardmark.collectives;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/**
 * How two elements become one. {@code MAX} and {@code MIN} are those of {@link Math}: NaN wins, and
 * -0 is below +0.
 */
public enum ReduceOp {
  SUM,
  MAX,
  MIN;

  private static final VectorSpecies<Float> F = FloatVector.SPECIES_PREFERRED;

  public float apply(float a, float b) {
    return switch (this) {
      case SUM -> a + b;
      case MAX -> Math.max(a, b);
      case MIN -> Math.min(a, b);
    };
  }

  /** {@code acc[accAt + i] = apply(acc[accAt + i], in[inAt + i])} for i below {@code length}. */
  public void combine(float[] acc, int accAt, float[] in, int inAt, int length) {
    int done =
        switch (this) {
          case SUM -> sum(acc, accAt, in, inAt, length);
          case MAX -> max(acc, accAt, in, inAt, length);
          case MIN -> min(acc, accAt, in, inAt, length);
        };
    for (int i = done; i < length; i++) {
      acc[accAt + i] = apply(acc[accAt + i], in[inAt + i]);
    }
  }

  // One loop per operation: a vector operation must be a constant where it is compiled. A plain
  // loop is not vectorised, since the two offsets differ and the arrays may be one.

  private static int sum(float[] acc, int accAt, float[] in, int inAt, int length) {
    int bound = F.loopBound(length);
    for (int i = 0; i < bound; i += F.length()) {
      FloatVector inV = FloatVector.fromArray(F, in, inAt + i);
      FloatVector.fromArray(F, acc, accAt + i).add(inV).intoArray(acc, accAt + i);
    }
    return bound;
  }

  private static int max(float[] acc, int accAt, float[] in, int inAt, int length) {
    int bound = F.loopBound(length);
    for (int i = 0; i < bound; i += F.length()) {
      FloatVector inV = FloatVector.fromArray(F, in, inAt + i);
      FloatVector.fromArray(F, acc, accAt + i).max(inV).intoArray(acc, accAt + i);
    }
    return bound;
  }

  private static int min(float[] acc, int accAt, float[] in, int inAt, int length) {
    int bound = F.loopBound(length);
    for (int i = 0; i < bound; i += F.length()) {
      FloatVector inV = FloatVector.fromArray(F, in, inAt + i);
      FloatVector.fromArray(F, acc, accAt + i).min(inV).intoArray(acc, accAt + i);
    }
    return bound;
  }
}
