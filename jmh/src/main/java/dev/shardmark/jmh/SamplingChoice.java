package dev.shardmark.jmh;

import dev.shardmark.kernels.sampling.Sampling;

/**
 * How to sample, by the name of a step and perhaps its setting: {@code top-k} or {@code top-k:40}.
 */
public final class SamplingChoice {
  private SamplingChoice() {}

  /**
   * The sampling one parameter names; without a setting temperature is 0.8, top-k 50, top-p 0.9 and
   * min-p 0.05.
   *
   * @throws IllegalArgumentException one sentence, if there is none
   */
  public static Sampling of(String parameter) {
    int colon = parameter.indexOf(':');
    String step = colon < 0 ? parameter : parameter.substring(0, colon);
    String setting = colon < 0 ? null : parameter.substring(colon + 1);
    try {
      return of(step, setting);
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException(
          "a sampler's setting must be a number: sampler=" + parameter, e);
    }
  }

  private static Sampling of(String step, String setting) {
    Sampling plain = Sampling.PLAIN;
    if (step.equals("greedy") && setting == null) {
      return Sampling.GREEDY;
    }
    return switch (step) {
      case "temperature" -> plain.withTemperature(setting == null ? 0.8f : number(setting));
      case "top-k" -> plain.withTopK(setting == null ? 50 : Integer.parseInt(setting));
      case "top-p" -> plain.withTopP(setting == null ? 0.9f : number(setting));
      case "min-p" -> plain.withMinP(setting == null ? 0.05f : number(setting));
      default ->
          throw new IllegalArgumentException(
              "sampler must be one of [greedy, temperature, top-k, top-p, min-p], the latter four"
                  + " perhaps with :setting: sampler="
                  + (setting == null ? step : step + ":" + setting));
    };
  }

  private static float number(String setting) {
    return Float.parseFloat(setting);
  }
}
