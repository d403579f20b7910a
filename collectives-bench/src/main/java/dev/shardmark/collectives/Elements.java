package dev.shardmark.collectives;

/**
 * The elements of a buffer, so that an algorithm is written once for all their types.
 *
 * <p>Places and lengths count elements. Two operands are of one type.
 */
public abstract class Elements {
  Elements() {}

  /** Bytes of an element. */
  public abstract int bytesEach();

  /** How many there are. */
  public abstract int length();

  /** {@code this[at + i] = from[fromAt + i]}, for i below {@code length}. */
  public abstract void copy(int at, Elements from, int fromAt, int length);

  /** {@code this[at + i] = op(this[at + i], in[inAt + i])}. */
  public abstract void combine(ReduceOp op, int at, Elements in, int inAt, int length);

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
