package dev.shardmark.kernels.kvcache;

import java.util.Arrays;
import java.util.Locale;

/** How a cache keeps an element of K or V. */
public enum KvStorage {
  /** As it came. */
  FP32(Float.BYTES),
  /** Rounded to bfloat16: half the bytes to read for every later token. */
  BF16(Short.BYTES);

  private final int bytes;

  KvStorage(int bytes) {
    this.bytes = bytes;
  }

  /** Bytes of an element. */
  public int bytes() {
    return bytes;
  }

  /** The name in parameters and results, in lower case. */
  public String parameter() {
    return name().toLowerCase(Locale.ROOT);
  }

  /**
   * The storage a parameter names.
   *
   * @throws IllegalArgumentException naming the accepted values, if there is none
   */
  public static KvStorage of(String parameter) {
    for (KvStorage storage : values()) {
      if (storage.parameter().equals(parameter)) {
        return storage;
      }
    }
    throw new IllegalArgumentException(
        "storage must be one of "
            + Arrays.stream(values()).map(KvStorage::parameter).toList()
            + ": storage="
            + parameter);
  }
}
