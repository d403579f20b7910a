package dev.shardmark.collectives;

import java.util.Arrays;

/**
 * {@link Elements} of bfloat16 in a {@code short[]}: combined in fp32, and rounded to the nearest
 * each time.
 */
public final class Bf16Elements extends Elements {
  private short[] data;

  /** Those of {@code data}. */
  public Bf16Elements(short[] data) {
    this.data = data;
  }

  /** Those of {@code data} from now on; unchanged is unwritten, since other ranks read it. */
  Bf16Elements of(short[] data) {
    if (this.data != data) {
      this.data = data;
    }
    return this;
  }

  /** The array itself. */
  public short[] data() {
    return data;
  }

  @Override
  public int bytesEach() {
    return Short.BYTES;
  }

  @Override
  public int length() {
    return data.length;
  }

  @Override
  public boolean isSame(int at, Elements other, int otherAt) {
    return other instanceof Bf16Elements same && same.data == data && at == otherAt;
  }

  @Override
  public void copy(int at, Elements from, int fromAt, int length) {
    if (!isSame(at, from, fromAt)) {
      System.arraycopy(((Bf16Elements) from).data, fromAt, data, at, length);
    }
  }

  @Override
  public void combine(ReduceOp op, int at, Elements in, int inAt, int length) {
    Bf16Reduction.combine(op, data, at, ((Bf16Elements) in).data, inAt, length);
  }

  @Override
  public void combineIntoBoth(ReduceOp op, int at, Elements in, int inAt, int length) {
    combine(op, at, in, inAt, length);
    in.copy(inAt, this, at, length);
  }

  @Override
  public void setInt(int at, int value) {
    data[at] = (short) (value >>> Short.SIZE);
    data[at + 1] = (short) value;
  }

  @Override
  public int getInt(int at) {
    return data[at] << Short.SIZE | Short.toUnsignedInt(data[at + 1]);
  }

  @Override
  public Elements scratch(Elements old, int length) {
    if (old instanceof Bf16Elements fit && fit.length() >= length) {
      return fit;
    }
    return new Bf16Elements(new short[length]);
  }

  @Override
  public String toString() {
    return Arrays.toString(data);
  }
}
