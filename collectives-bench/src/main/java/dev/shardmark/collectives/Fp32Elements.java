package dev.shardmark.collectives;

import java.util.Arrays;

/** {@link Elements} of a {@code float[]}. */
public final class Fp32Elements extends Elements {
  private float[] data;

  /** Those of {@code data}. */
  public Fp32Elements(float[] data) {
    this.data = data;
  }

  /** Those of {@code data} from now on; unchanged is unwritten, since other ranks read it. */
  Fp32Elements of(float[] data) {
    if (this.data != data) {
      this.data = data;
    }
    return this;
  }

  /** The array itself. */
  public float[] data() {
    return data;
  }

  @Override
  public int bytesEach() {
    return Float.BYTES;
  }

  @Override
  public int length() {
    return data.length;
  }

  @Override
  public boolean isSame(int at, Elements other, int otherAt) {
    return other instanceof Fp32Elements same && same.data == data && at == otherAt;
  }

  @Override
  public void copy(int at, Elements from, int fromAt, int length) {
    if (!isSame(at, from, fromAt)) {
      System.arraycopy(((Fp32Elements) from).data, fromAt, data, at, length);
    }
  }

  @Override
  public void combine(ReduceOp op, int at, Elements in, int inAt, int length) {
    op.combine(data, at, ((Fp32Elements) in).data, inAt, length);
  }

  @Override
  public void combineIntoBoth(ReduceOp op, int at, Elements in, int inAt, int length) {
    op.combineIntoBoth(data, at, ((Fp32Elements) in).data, inAt, length);
  }

  @Override
  public void setInt(int at, int value) {
    data[at] = Float.intBitsToFloat(value);
  }

  @Override
  public int getInt(int at) {
    return Float.floatToRawIntBits(data[at]);
  }

  @Override
  public Elements scratch(Elements old, int length) {
    if (old instanceof Fp32Elements fit && fit.length() >= length) {
      return fit;
    }
    return new Fp32Elements(new float[length]);
  }

  @Override
  public String toString() {
    return Arrays.toString(data);
  }
}
