package dev.shardmark.kernels.gemm;

import java.util.Arrays;
import java.util.Locale;

/** How the weights of a {@link PackedMatrix} are stored; arithmetic is fp32 with all of them. */
public enum WeightFormat {
  /** As they are: 4 bytes. */
  FP32(4),
  /** The upper half of an fp32, rounded to nearest even: 2 bytes. */
  BF16(2),
  /** A byte, and one scale for each column of op(B). */
  INT8(1),
  /** A byte, and one scale for each column of op(B) and each {@link MicroKernel#KC} rows. */
  INT8_BLOCK(1);

  private final int bytes;

  WeightFormat(int bytes) {
    this.bytes = bytes;
  }

  /** Bytes of one weight, without scales. */
  public int bytes() {
    return bytes;
  }

  /** The name in parameters and results. */
  public String parameter() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  /**
   * The format a parameter names.
   *
   * @throws IllegalArgumentException naming the accepted values, if there is none
   */
  public static WeightFormat of(String parameter) {
    for (WeightFormat format : values()) {
      if (format.parameter().equals(parameter)) {
        return format;
      }
    }
    throw new IllegalArgumentException(
        "weights must be one of "
            + Arrays.stream(values()).map(WeightFormat::parameter).toList()
            + ": weights="
            + parameter);
  }
}
