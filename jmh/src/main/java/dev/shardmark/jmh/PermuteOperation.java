package dev.shardmark.jmh;

import dev.shardmark.kernels.Work;
import dev.shardmark.kernels.moe.Combine;
import dev.shardmark.kernels.moe.Permutation;

/** What {@link PermuteBenchmark} times, by the name it has in its parameter. */
public enum PermuteOperation {
  PERMUTE,
  COMBINE;

  /**
   * The operation a parameter names.
   *
   * @throws IllegalArgumentException naming the accepted values, if there is none
   */
  public static PermuteOperation of(String parameter) {
    return switch (parameter) {
      case "permute" -> PERMUTE;
      case "combine" -> COMBINE;
      default ->
          throw new IllegalArgumentException(
              "operation must be one of [permute, combine]: operation=" + parameter);
    };
  }

  /** The work of one call. */
  public Work work(long tokens, long topK, long model) {
    return switch (this) {
      case PERMUTE -> Permutation.work(tokens, topK, model);
      case COMBINE -> Combine.work(tokens, topK, model);
    };
  }
}
