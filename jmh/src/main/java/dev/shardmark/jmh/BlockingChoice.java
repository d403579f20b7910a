package dev.shardmark.jmh;

import dev.shardmark.kernels.Caches;
import dev.shardmark.kernels.Variant;
import dev.shardmark.kernels.gemm.Blocking;
import dev.shardmark.kernels.gemm.VectorGemm;

/** Cache blocks as one parameter, {@code MCxNBxKCxNC} or {@code auto}. */
public final class BlockingChoice {
  private static final String AUTO = "auto";
  private static final String RULE = "auto or MCxNBxKCxNC with counts from 1 to 999999999";

  private BlockingChoice() {}

  /**
   * The blocks that a parameter names.
   *
   * @throws IllegalArgumentException unless it is four counts of at least 1, or {@code auto}
   */
  public static Blocking of(String blocking) {
    if (blocking.equals(AUTO)) {
      return Blocking.of(Caches.here());
    }
    int[] n = Counts.of("blocking", RULE, blocking, 4);
    return new Blocking(n[0], n[1], n[2], n[3]);
  }

  /**
   * A product with these blocks.
   *
   * @throws IllegalArgumentException if the variant has no blocks of ours, or they are not known
   */
  public static VectorGemm gemm(String variant, String blocking) {
    check(variant);
    return new VectorGemm(of(blocking));
  }

  /**
   * Checks that a variant has blocks to choose.
   *
   * @throws IllegalArgumentException if it is not vector
   */
  public static void check(String variant) {
    if (Variant.of(variant) != Variant.VECTOR) {
      throw new IllegalArgumentException(
          "only variant=vector has blocks to choose: variant=" + variant);
    }
  }
}
