package dev.shardmark.jmh.plan;

import java.util.List;
import java.util.Map;

/**
 * One operation on one core, by variant and shape: {@code smoke} takes vector code on a shape of
 * its own, {@code quick} and {@code gate} on a usual one, {@code full} scalar code too and all
 * shapes.
 */
abstract class ShapesQuestion implements Question {
  private final String benchmark;
  private final String smoke;
  private final String usual;
  private final List<String> all;

  ShapesQuestion(String benchmark, String smoke, String usual, List<String> all) {
    this.benchmark = benchmark;
    this.smoke = smoke;
    this.usual = usual;
    this.all = all;
  }

  @Override
  public final String benchmark() {
    return benchmark;
  }

  @Override
  public final List<String> parameterNames() {
    return List.of("variant", "shape");
  }

  @Override
  public final List<Map<String, List<String>>> grids(Preset preset) {
    List<String> vector = List.of("vector");
    return switch (preset) {
      case SMOKE -> List.of(grid(vector, List.of(smoke)));
      case QUICK, GATE -> List.of(grid(vector, List.of(usual)));
      case FULL -> List.of(grid(List.of("vector", "scalar"), all));
    };
  }

  private static Map<String, List<String>> grid(List<String> variants, List<String> shapes) {
    return Map.of("variant", variants, "shape", shapes);
  }
}
