package dev.shardmark.collectives;

import java.util.Locale;
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

  /** The name on the command line and in messages. */
  public String parameter() {
    return name().toLowerCase(Locale.ROOT);
  }

  public float apply(float a, float b) {
    return switch (this) {
      case SUM -> a + b;
      case MAX -> Math.max(a, b);
      case MIN -> Math.min(a, b);
    };
  }

  /** {@code acc[accAt + i] = apply(acc[accAt + i], in[inAt + i])} for i below {@code length}. */
  public void combine(float[] acc, int accAt, float[] in, int inAt, int length) {
    combine(acc, accAt, in, inAt, length, false);
  }

  /** As {@link #combine}, and stores the result in both: one pass where two ranks share memory. */
  public void combineIntoBoth(float[] a, int aAt, float[] b, int bAt, int length) {
    combine(a, aAt, b, bAt, length, true);
  }

  private void combine(float[] a, int aAt, float[] b, int bAt, int length, boolean both) {
    int done =
        switch (this) {
          case SUM -> sum(a, aAt, b, bAt, length, both);
          case MAX -> max(a, aAt, b, bAt, length, both);
          case MIN -> min(a, aAt, b, bAt, length, both);
        };
    for (int i = done; i < length; i++) {
      a[aAt + i] = apply(a[aAt + i], b[bAt + i]);
      if (both) {
        b[bAt + i] = a[aAt + i];
      }
    }
  }

  // One loop per operation: a vector operation must be a constant where it is compiled. A plain
  // loop is not vectorised, since the two offsets differ and the arrays may be one.

  private static int sum(float[] a, int aAt, float[] b, int bAt, int length, boolean both) {
    int bound = F.loopBound(length);
    for (int i = 0; i < bound; i += F.length()) {
      FloatVector bV = FloatVector.fromArray(F, b, bAt + i);
      FloatVector v = FloatVector.fromArray(F, a, aAt + i).add(bV);
      v.intoArray(a, aAt + i);
      if (both) {
        v.intoArray(b, bAt + i);
      }
    }
    return bound;
  }

  private static int max(float[] a, int aAt, float[] b, int bAt, int length, boolean both) {
    int bound = F.loopBound(length);
    for (int i = 0; i < bound; i += F.length()) {
      FloatVector bV = FloatVector.fromArray(F, b, bAt + i);
      FloatVector v = FloatVector.fromArray(F, a, aAt + i).max(bV);
      v.intoArray(a, aAt + i);
      if (both) {
        v.intoArray(b, bAt + i);
      }
    }
    return bound;
  }

  private static int min(float[] a, int aAt, float[] b, int bAt, int length, boolean both) {
    int bound = F.loopBound(length);
    for (int i = 0; i < bound; i += F.length()) {
      FloatVector bV = FloatVector.fromArray(F, b, bAt + i);
      FloatVector v = FloatVector.fromArray(F, a, aAt + i).min(bV);
      v.intoArray(a, aAt + i);
      if (both) {
        v.intoArray(b, bAt + i);
      }
    }
    return bound;
  }
}
