package dev.shardmark.jmh;

import dev.shardmark.kernels.Work;
import dev.shardmark.kernels.activation.Gelu;
import dev.shardmark.kernels.activation.GeluForm;
import dev.shardmark.kernels.activation.ResidualAdd;
import dev.shardmark.kernels.activation.SwiGlu;

/** What {@link ActivationBenchmark} times, by the name it has in its parameter. */
public enum ActivationOperation {
  SWIGLU,
  GELU,
  GELU_TANH,
  ADD;

  /**
   * The operation a parameter names.
   *
   * @throws IllegalArgumentException naming the accepted values, if there is none
   */
  public static ActivationOperation of(String parameter) {
    return switch (parameter) {
      case "swiglu" -> SWIGLU;
      case "gelu" -> GELU;
      case "gelu_tanh" -> GELU_TANH;
      case "add" -> ADD;
      default ->
          throw new IllegalArgumentException(
              "operation must be one of [swiglu, gelu, gelu_tanh, add]: operation=" + parameter);
    };
  }

  /** The work of one call. */
  public Work work(long rows, long cols) {
    return switch (this) {
      case SWIGLU -> SwiGlu.work(rows, cols);
      case GELU -> Gelu.work(GeluForm.EXACT, rows, cols);
      case GELU_TANH -> Gelu.work(GeluForm.TANH, rows, cols);
      case ADD -> ResidualAdd.work(rows, cols);
    };
  }
}
