package dev.shardmark.kernels.gemm;

import static dev.shardmark.kernels.Species.F;
import static dev.shardmark.kernels.Species.LANES;

import dev.shardmark.kernels.math.Bf16;
import jdk.incubator.vector.ByteVector;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorShape;
import jdk.incubator.vector.VectorSpecies;

/**
 * One row of A by a panel of weights, in each of their formats: six dot products along k, 7 loads
 * for 6 FMAs. Lanes stay apart, to be added up once after the last block of k.
 */
final class RowTimesPanel {
  /** Sums of a panel: a vector for each column. */
  static final int SUMS = PackedMatrix.WIDTH * LANES;

  /** Where the bytes of a panel start: a header of 16 bytes and 48 more. */
  static final int BYTES_START = 48;

  /** As many bytes as F has lanes; there are no vectors below 64 bits. */
  private static final VectorSpecies<Byte> B =
      VectorSpecies.of(byte.class, VectorShape.forBitSize(Math.max(64, 8 * LANES)));

  /** What the last load of a panel of bytes may also read. */
  static final int BYTES_AFTER = B.length();

  private RowTimesPanel() {}

  /** Adds {@code steps} of k, rounded up to whole vectors. */
  static void add(int steps, float[] row, int at, float[] w, int from, float[] sums, int to) {
    FloatVector s0 = FloatVector.fromArray(F, sums, to);
    FloatVector s1 = FloatVector.fromArray(F, sums, to + LANES);
    FloatVector s2 = FloatVector.fromArray(F, sums, to + 2 * LANES);
    FloatVector s3 = FloatVector.fromArray(F, sums, to + 3 * LANES);
    FloatVector s4 = FloatVector.fromArray(F, sums, to + 4 * LANES);
    FloatVector s5 = FloatVector.fromArray(F, sums, to + 5 * LANES);
    for (int p = 0; p < steps; p += LANES, from += SUMS) {
      FloatVector x = FloatVector.fromArray(F, row, at + p);
      s0 = x.fma(FloatVector.fromArray(F, w, from), s0);
      s1 = x.fma(FloatVector.fromArray(F, w, from + LANES), s1);
      s2 = x.fma(FloatVector.fromArray(F, w, from + 2 * LANES), s2);
      s3 = x.fma(FloatVector.fromArray(F, w, from + 3 * LANES), s3);
      s4 = x.fma(FloatVector.fromArray(F, w, from + 4 * LANES), s4);
      s5 = x.fma(FloatVector.fromArray(F, w, from + 5 * LANES), s5);
    }
    s0.intoArray(sums, to);
    s1.intoArray(sums, to + LANES);
    s2.intoArray(sums, to + 2 * LANES);
    s3.intoArray(sums, to + 3 * LANES);
    s4.intoArray(sums, to + 4 * LANES);
    s5.intoArray(sums, to + 5 * LANES);
  }

  /** The same, of pairs of bf16. */
  static void add(int steps, float[] row, int at, short[] w, int from, float[] sums, int to) {
    FloatVector s0 = FloatVector.fromArray(F, sums, to);
    FloatVector s1 = FloatVector.fromArray(F, sums, to + LANES);
    FloatVector s2 = FloatVector.fromArray(F, sums, to + 2 * LANES);
    FloatVector s3 = FloatVector.fromArray(F, sums, to + 3 * LANES);
    FloatVector s4 = FloatVector.fromArray(F, sums, to + 4 * LANES);
    FloatVector s5 = FloatVector.fromArray(F, sums, to + 5 * LANES);
    for (int p = 0; p < steps; p += LANES, from += SUMS) {
      FloatVector x = FloatVector.fromArray(F, row, at + p);
      IntVector w01 = Bf16.pairs(w, from);
      s0 = x.fma(Bf16.left(w01), s0);
      s1 = x.fma(Bf16.right(w01), s1);
      IntVector w23 = Bf16.pairs(w, from + 2 * LANES);
      s2 = x.fma(Bf16.left(w23), s2);
      s3 = x.fma(Bf16.right(w23), s3);
      IntVector w45 = Bf16.pairs(w, from + 4 * LANES);
      s4 = x.fma(Bf16.left(w45), s4);
      s5 = x.fma(Bf16.right(w45), s5);
    }
    s0.intoArray(sums, to);
    s1.intoArray(sums, to + LANES);
    s2.intoArray(sums, to + 2 * LANES);
    s3.intoArray(sums, to + 3 * LANES);
    s4.intoArray(sums, to + 4 * LANES);
    s5.intoArray(sums, to + 5 * LANES);
  }

  /** The same, of bytes without their scales. */
  static void add(int steps, float[] row, int at, byte[] w, int from, float[] sums, int to) {
    FloatVector s0 = FloatVector.fromArray(F, sums, to);
    FloatVector s1 = FloatVector.fromArray(F, sums, to + LANES);
    FloatVector s2 = FloatVector.fromArray(F, sums, to + 2 * LANES);
    FloatVector s3 = FloatVector.fromArray(F, sums, to + 3 * LANES);
    FloatVector s4 = FloatVector.fromArray(F, sums, to + 4 * LANES);
    FloatVector s5 = FloatVector.fromArray(F, sums, to + 5 * LANES);
    for (int p = 0; p < steps; p += LANES, from += SUMS) {
      FloatVector x = FloatVector.fromArray(F, row, at + p);
      s0 = x.fma(load(w, from), s0);
      s1 = x.fma(load(w, from + LANES), s1);
      s2 = x.fma(load(w, from + 2 * LANES), s2);
      s3 = x.fma(load(w, from + 3 * LANES), s3);
      s4 = x.fma(load(w, from + 4 * LANES), s4);
      s5 = x.fma(load(w, from + 5 * LANES), s5);
    }
    s0.intoArray(sums, to);
    s1.intoArray(sums, to + LANES);
    s2.intoArray(sums, to + 2 * LANES);
    s3.intoArray(sums, to + 3 * LANES);
    s4.intoArray(sums, to + 4 * LANES);
    s5.intoArray(sums, to + 5 * LANES);
  }

  private static FloatVector load(byte[] from, int at) {
    return (FloatVector) ByteVector.fromArray(B, from, at).convertShape(VectorOperators.B2F, F, 0);
  }
}
