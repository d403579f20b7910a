package dev.shardmark.collectives;

/** Memory kept from call to call: only a longer call than any before allocates, or a new type. */
public final class Scratch {
  private Elements fp32;
  private Elements bf16;

  /** At least {@code length} elements of the type of {@code like}. */
  public Elements of(Elements like, int length) {
    if (like.bytesEach() == Float.BYTES) {
      fp32 = like.scratch(fp32, length);
      return fp32;
    }
    bf16 = like.scratch(bf16, length);
    return bf16;
  }
}
