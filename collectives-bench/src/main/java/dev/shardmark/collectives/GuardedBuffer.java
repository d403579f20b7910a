package dev.shardmark.collectives;

import java.util.Arrays;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntToDoubleFunction;

/**
 * A slice between guards, for checks of a collective: every element is compared with {@code ==},
 * and the guards, which hold a NaN that no other buffer has, bit by bit.
 */
public final class GuardedBuffer {
  /** First element of the slice: off any vector or cache line. */
  public static final int START = 17;

  private static final int QUIET_NAN = 0x7fc00000; // it would also poison any sum
  private static final int PAYLOAD = 0x3fffff;
  private static final AtomicInteger BUFFERS = new AtomicInteger();

  private final int guardBits = QUIET_NAN | (BUFFERS.incrementAndGet() & PAYLOAD);
  private final float[] data;
  private final int length;

  /** A slice of NaN, as an output should be before it is written. */
  public GuardedBuffer(int length) {
    this.length = length;
    data = new float[START + length + START];
    Arrays.fill(data, Float.intBitsToFloat(guardBits));
  }

  /** A slice of these elements, all of them whole numbers below 2^24. */
  public GuardedBuffer(int length, IntToDoubleFunction element) {
    this(length);
    for (int i = 0; i < length; i++) {
      data[START + i] = (float) element.applyAsDouble(i);
    }
  }

  /** The array around the slice. */
  public float[] data() {
    return data;
  }

  /** Elements of the slice. */
  public int length() {
    return length;
  }

  /**
   * Returns if every element is as expected and the guards are untouched.
   *
   * @param what of which rank is checked, for the message
   * @throws IllegalStateException naming the first element that is wrong
   */
  public void verify(String what, IntToDoubleFunction expected) {
    for (int at = 0; at < data.length; at++) {
      boolean guard = at < START || at >= START + length;
      boolean right =
          guard
              ? Float.floatToRawIntBits(data[at]) == guardBits
              : data[at] == (float) expected.applyAsDouble(at - START);
      if (!right) {
        throw new IllegalStateException(
            String.format(
                Locale.ROOT,
                "%s is wrong: element=%d got=%s expected=%s",
                what,
                at - START,
                data[at],
                guard ? "untouched" : expected.applyAsDouble(at - START)));
      }
    }
  }
}
