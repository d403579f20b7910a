package dev.shardmark.jmh;

import dev.shardmark.kernels.Kernels;
import dev.shardmark.kernels.Variant;
import dev.shardmark.kernels.softmax.LibraryExpSoftmax;
import dev.shardmark.kernels.softmax.OnlineVectorSoftmax;
import dev.shardmark.kernels.softmax.Softmax;
import dev.shardmark.kernels.softmax.ThreePassVectorSoftmax;

/** Softmaxes by the variant and algorithm they carry in parameters. */
public final class SoftmaxChoice {
  private SoftmaxChoice() {}

  /**
   * Checks that two parameters name a softmax.
   *
   * @throws IllegalArgumentException naming the accepted values, if there is none
   */
  public static void check(String variant, String algorithm) {
    if (!isOneDnn(variant, algorithm)) {
      of(variant, algorithm);
    }
  }

  /** Whether it is oneDNN's, which is no {@link Softmax}: see OneDnnSoftmax. */
  static boolean isOneDnn(String variant, String algorithm) {
    return Variant.of(variant) == Variant.ONEDNN && algorithm.equals("selected");
  }

  /**
   * The softmax two parameters name: {@code selected} is what {@link Kernels} takes, and the others
   * are vector code.
   *
   * @throws IllegalArgumentException naming the accepted values, if there is none
   */
  static Softmax of(String variant, String algorithm) {
    Variant chosen = Variant.of(variant);
    if (algorithm.equals("selected")) {
      return Kernels.softmax(chosen);
    }
    if (chosen != Variant.VECTOR) {
      throw new IllegalArgumentException(
          "only variant=vector has algorithms other than selected: variant="
              + variant
              + " algorithm="
              + algorithm);
    }
    return switch (algorithm) {
      case "three-pass" -> new ThreePassVectorSoftmax();
      case "online" -> new OnlineVectorSoftmax();
      case "library-exp" -> new LibraryExpSoftmax();
      default ->
          throw new IllegalArgumentException(
              "algorithm must be one of [selected, three-pass, online, library-exp]: algorithm="
                  + algorithm);
    };
  }
}
