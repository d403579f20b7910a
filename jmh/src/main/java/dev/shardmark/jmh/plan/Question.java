package dev.shardmark.jmh.plan;

import dev.shardmark.kernels.Variant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;

/** A benchmark method as the suite runs it: which rows, and what one of them does. */
interface Question {
  /** Class and method, for example {@code GemmBenchmark.multiply}. */
  String benchmark();

  /** Every parameter a row has. */
  List<String> parameterNames();

  /** Grids of parameter values a preset measures; a row is one point of one grid. */
  List<Map<String, List<String>>> grids(Preset preset);

  /**
   * Values that replace a preset's for one point, where they depend on others chosen before; empty
   * for none.
   */
  default List<String> dependent(String name, Map<String, String> chosen) {
    return List.of();
  }

  /**
   * The row at one point; empty where the values are right but this machine has too few cores.
   *
   * @throws IllegalArgumentException one sentence, if a value is unknown or the values do not go
   *     together
   */
  Optional<PlannedRow> row(SortedMap<String, String> parameters);

  /** Checks that a variant is one of those that every kernel has. */
  static void checkOwn(String variant) {
    if (!Variant.OWN.contains(Variant.of(variant))) {
      throw new IllegalArgumentException(
          "no library has this kernel, variant must be one of "
              + Variant.OWN.stream().map(Variant::parameter).toList()
              + ": variant="
              + variant);
    }
  }

  /** Reads a count. */
  static int count(String name, String value) {
    try {
      return Integer.parseInt(value);
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException(name + " must be a whole number: " + name + "=" + value);
    }
  }
}
