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
   * @param what is checked, for the message
   * @throws WrongElementsException naming the first element that is wrong, if not
   */
  public void verify(String what, IntToDoubleFunction expected) {
    int first = -1;
    long wrong = 0;
    for (int at = data.length - 1; at >= 0; at--) {
      if (!isRight(at, expected)) {
        first = at;
        wrong++;
      }
    }
    if (wrong > 0) {
      throw new WrongElementsException(
          String.format(
              Locale.ROOT,
              "%s is wrong: element=%d got=%s expected=%s",
              what,
              first - START,
              data[first],
              isGuard(first) ? "untouched" : expected.applyAsDouble(first - START)),
          wrong);
    }
  }

  private boolean isRight(int at, IntToDoubleFunction expected) {
    return isGuard(at)
        ? Float.floatToRawIntBits(data[at]) == guardBits
        : data[at] == (float) expected.applyAsDouble(at - START);
  }

  private boolean isGuard(int at) {
    return at < START || at >= START + length;
  }
}
