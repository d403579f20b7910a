package dev.shardmark.jmh.plan;

import java.util.List;
import java.util.Map;

/**
 * Operations of one kind on the same shapes, on one core: quick presets take the first operation on
 * the first shape, {@code gate} all of them on that shape, {@code full} all with all.
 */
abstract class OperationQuestion implements Question {
  private final String benchmark;
  private final String parameter;
  private final List<String> operations;
  private final List<String> shapes;

  /** Operations are values of {@code parameter}. */
  OperationQuestion(
      String benchmark, String parameter, List<String> operations, List<String> shapes) {
    this.benchmark = benchmark;
    this.parameter = parameter;
    this.operations = operations;
    this.shapes = shapes;
  }

  @Override
  public final String benchmark() {
    return benchmark;
  }

  @Override
  public final List<String> parameterNames() {
    return List.of(parameter, "variant", "shape");
  }

  @Override
  public final List<Map<String, List<String>>> grids(Preset preset) {
    List<String> vector = List.of("vector");
    return switch (preset) {
      case SMOKE, QUICK -> List.of(grid(operations.subList(0, 1), vector, shapes.subList(0, 1)));
      case GATE -> List.of(grid(operations, vector, shapes.subList(0, 1)));
      case FULL -> List.of(grid(operations, List.of("vector", "scalar"), shapes));
    };
  }

  private Map<String, List<String>> grid(
      List<String> operations, List<String> variants, List<String> shapes) {
    return Map.of(parameter, operations, "variant", variants, "shape", shapes);
  }
}
