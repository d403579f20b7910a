package dev.shardmark.kernels.roof;

import dev.shardmark.kernels.AlignedFloats;
import java.util.Arrays;

/** An aligned array of equal values that a bandwidth loop passes over in whole steps. */
final class StreamArray {
  private final float[] data;
  private final int length;

  /** About {@code bytes} long, rounded down to whole steps and at least one. */
  StreamArray(long bytes, int step, float value) {
    length = length(bytes, step);
    data = AlignedFloats.allocate(length);
    Arrays.fill(data, start(), end(), value);
  }

  /** The elements of an array of about {@code bytes}. */
  static int length(long bytes, int step) {
    return Math.toIntExact(Math.max(bytes / 4 / step, 1) * step);
  }

  float[] data() {
    return data;
  }

  int length() {
    return length;
  }

  int start() {
    return AlignedFloats.START;
  }

  int end() {
    return AlignedFloats.START + length;
  }

  /** Whether every element is {@code value}. */
  boolean holds(float value) {
    boolean all = true;
    for (int i = start(); i < end(); i++) {
      all &= data[i] == value;
    }
    return all;
  }
}
