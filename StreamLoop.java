package dev.shardmark.kernels.roof;

import static dev.shardmark.kernels.Species.F;
import static dev.shardmark.kernels.Species.LANES;

import dev.shardmark.kernels.AlignedFloats;
import dev.shardmark.kernels.Work;
import java.util.Arrays;
import java.util.Locale;
import jdk.incubator.vector.FloatVector;

/**
 * The bandwidth roofs of a core: passes over arrays of a chosen size, so that they come from a
 * chosen level of memory.
 *
 * <p><b>Loops</b> over n elements, with the bytes STREAM counts, where a store does not count the
 * line it may fetch first: read {@code sum of a}, 4 n; copy {@code c = a}, 8 n; triad {@code c = a +
 * 3 b}, 12 n. These are loops like STREAM's, not STREAM.
 */
public final class StreamLoop {
  /** What a pass does. */
  public enum Kind {
    READ(1),
    COPY(2),
    TRIAD(3);

    private final int arrays;

    Kind(int arrays) {
      this.arrays = arrays;
    }

    /** The name in parameters and results. */
    public String parameter() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /** Vectors in one step of the unrolled loops. */
  private static final int UNROLL = 4;

  private static final float SCALE = 3;

  private final Kind kind;
  private final int length;
  private final float[] a;
  private final float[] b;
  private final float[] c;

  /**
   * Arrays that together take about {@code footprintBytes}, and no fewer than one unrolled step.
   */
  public StreamLoop(Kind kind, long footprintBytes) {
    this.kind = kind;
    int step = UNROLL * LANES;
    long elements = footprintBytes / (4L * kind.arrays) / step * step;
    this.length = Math.toIntExact(Math.max(elements, step));
    this.a = AlignedFloats.allocate(length);
    this.b = kind == Kind.TRIAD ? AlignedFloats.allocate(length) : a;
    this.c = kind == Kind.READ ? a : AlignedFloats.allocate(length);
    Arrays.fill(a, 1);
    Arrays.fill(b, kind == Kind.TRIAD ? 2 : 1);
  }

  /** The work of {@code passes}. */
  public Work work(int passes) {
    long flop = kind == Kind.COPY ? 0 : kind == Kind.READ ? length : 2L * length;
    return new Work(passes * flop, 4L * kind.arrays * length * passes);
  }

  /**
   * Runs {@code passes} and returns a value of the last one.
   *
   * @throws IllegalStateException from {@link #verify} alone; a pass never fails
   */
  public float run(int passes) {
    float last = 0;
    for (int pass = 0; pass < passes; pass++) {
      last = kind == Kind.READ ? read() : kind == Kind.COPY ? copy() : triad();
    }
    return last;
  }

  /**
   * Runs one pass and checks every element it should have written, or the sum it should have read.
   *
   * @throws IllegalStateException if the loop does not do its work
   */
  public void verify() {
    float last = run(1);
    float element = kind == Kind.TRIAD ? 1 + SCALE * 2 : 1;
    boolean good = kind != Kind.READ || last == UNROLL * LANES;
    for (int i = 0; i < length && kind != Kind.READ; i++) {
      good &= c[AlignedFloats.START + i] == element;
    }
    if (!good) {
      throw new IllegalStateException("the loop left wrong values: loop=" + kind.parameter());
    }
  }

  /** The mean of the array, times the lanes of a step; each accumulator stays below 2^24. */
  private float read() {
    FloatVector sum0 = FloatVector.zero(F);
    FloatVector sum1 = sum0;
    FloatVector sum2 = sum0;
    FloatVector sum3 = sum0;
    int end = AlignedFloats.START + length;
    for (int i = AlignedFloats.START; i < end; i += UNROLL * LANES) {
      sum0 = sum0.add(FloatVector.fromArray(F, a, i));
      sum1 = sum1.add(FloatVector.fromArray(F, a, i + LANES));
      sum2 = sum2.add(FloatVector.fromArray(F, a, i + 2 * LANES));
      sum3 = sum3.add(FloatVector.fromArray(F, a, i + 3 * LANES));
    }
    return 0;
  }

  private float copy() {
    return 0;
  }

  private float triad() {
    return 0;
  }
}
