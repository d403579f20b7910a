package dev.shardmark.collectives;

/**
 * The elements of a buffer, so that an algorithm is written once for all their types.
 *
 * <p>Places and lengths count elements. Two operands are of one type.
 */
public abstract class Elements {
  /** Elements that stay in the first-level cache from one operation to the next: 8 KiB of fp32. */
  public static final int BLOCK = 2048;

  Elements() {}

  /** Bytes of an element. */
  public abstract int bytesEach();

  /** How many there are. */
  public abstract int length();

  /** Whether element {@code at} and element {@code otherAt} of {@code other} are one place. */
  public abstract boolean isSame(int at, Elements other, int otherAt);

  /**
   * {@code this[at + i] = from[fromAt + i]}, for i below {@code length}; costs nothing if they are
   * the same.
   */
  public abstract void copy(int at, Elements from, int fromAt, int length);

  /** {@code this[at + i] = op(this[at + i], in[inAt + i])}. */
  public abstract void combine(ReduceOp op, int at, Elements in, int inAt, int length);

  /**
   * {@code this[at + i] = op(a[aAt + i], b[bAt + i])}, in blocks, so that memory is passed once; a,
   * but not b, may be the same elements as these.
   */
  public final void combine(
      ReduceOp op, int at, Elements a, int aAt, Elements b, int bAt, int length) {
    for (int done = 0; done < length; done += BLOCK) {
      int block = Math.min(BLOCK, length - done);
      copy(at + done, a, aAt + done, block);
      combine(op, at + done, b, bAt + done, block);
    }
  }

  /** As {@link #combine}, and stores the result in both: one pass where two ranks share memory. */
  public abstract void combineIntoBoth(ReduceOp op, int at, Elements in, int inAt, int length);

  /** Elements that a whole number fills in {@link #setInt}. */
  public final int elementsPerInt() {
    return Integer.BYTES / bytesEach();
  }

  /** Keeps the bits of a whole number, so that messages can say what they hold. */
  public abstract void setInt(int at, int value);

  /** The whole number that {@link #setInt} kept. */
  public abstract int getInt(int at);

  /** Others of the same type: at least {@code length} of them, and maybe from {@code old}. */
  public abstract Elements scratch(Elements old, int length);
}
