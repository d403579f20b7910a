package dev.shardmark.jmh;

import dev.shardmark.kernels.Work;
import dev.shardmark.kernels.norm.LayerNorm;
import dev.shardmark.kernels.norm.RmsNorm;

/** What {@link NormBenchmark} times, by the name it has in its parameter. */
public enum NormOperation {
  RMS,
  ADD_RMS,
  LAYER;

  /**
   * The operation a parameter names.
   *
   * @throws IllegalArgumentException naming the accepted values, if there is none
   */
  public static NormOperation of(String parameter) {
    return switch (parameter) {
      case "rms" -> RMS;
      case "add_rms" -> ADD_RMS;
      case "layer" -> LAYER;
      default ->
          throw new IllegalArgumentException(
              "operation must be one of [rms, add_rms, layer]: operation=" + parameter);
    };
  }

  /** The work of one call. */
  public Work work(long rows, long n) {
    return switch (this) {
      case RMS -> RmsNorm.work(rows, n);
      case ADD_RMS -> RmsNorm.workWithResidual(rows, n);
      case LAYER -> LayerNorm.work(rows, n);
    };
  }
}
