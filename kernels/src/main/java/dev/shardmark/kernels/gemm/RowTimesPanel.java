package dev.shardmark.kernels.gemm;

import static dev.shardmark.kernels.Species.F;
import static dev.shardmark.kernels.Species.LANES;

import dev.shardmark.kernels.math.Bf16;
import jdk.incubator.vector.ByteVector;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.ShortVector;
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
      IntVector w01 = ShortVector.fromArray(Bf16.PAIRS, w, from).reinterpretAsInts();
      s0 = x.fma(w01.lanewise(VectorOperators.LSHL, Bf16.DROPPED).reinterpretAsFloats(), s0);
      s1 = x.fma(w01.and(Bf16.UPPER).reinterpretAsFloats(), s1);
      IntVector w23 = ShortVector.fromArray(Bf16.PAIRS, w, from + 2 * LANES).reinterpretAsInts();
      s2 = x.fma(w23.lanewise(VectorOperators.LSHL, Bf16.DROPPED).reinterpretAsFloats(), s2);
      s3 = x.fma(w23.and(Bf16.UPPER).reinterpretAsFloats(), s3);
      IntVector w45 = ShortVector.fromArray(Bf16.PAIRS, w, from + 4 * LANES).reinterpretAsInts();
      s4 = x.fma(w45.lanewise(VectorOperators.LSHL, Bf16.DROPPED).reinterpretAsFloats(), s4);
      s5 = x.fma(w45.and(Bf16.UPPER).reinterpretAsFloats(), s5);
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
      s0 =
          x.fma(
              (FloatVector)
                  ByteVector.fromArray(B, w, from).convertShape(VectorOperators.B2F, F, 0),
              s0);
      s1 =
          x.fma(
              (FloatVector)
                  ByteVector.fromArray(B, w, from + LANES).convertShape(VectorOperators.B2F, F, 0),
              s1);
      s2 =
          x.fma(
              (FloatVector)
                  ByteVector.fromArray(B, w, from + 2 * LANES)
                      .convertShape(VectorOperators.B2F, F, 0),
              s2);
      s3 =
          x.fma(
              (FloatVector)
                  ByteVector.fromArray(B, w, from + 3 * LANES)
                      .convertShape(VectorOperators.B2F, F, 0),
              s3);
      s4 =
          x.fma(
              (FloatVector)
                  ByteVector.fromArray(B, w, from + 4 * LANES)
                      .convertShape(VectorOperators.B2F, F, 0),
              s4);
      s5 =
          x.fma(
              (FloatVector)
                  ByteVector.fromArray(B, w, from + 5 * LANES)
                      .convertShape(VectorOperators.B2F, F, 0),
              s5);
    }
    s0.intoArray(sums, to);
    s1.intoArray(sums, to + LANES);
    s2.intoArray(sums, to + 2 * LANES);
    s3.intoArray(sums, to + 3 * LANES);
    s4.intoArray(sums, to + 4 * LANES);
    s5.intoArray(sums, to + 5 * LANES);
  }
}
