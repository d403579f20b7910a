package dev.shardmark.results.claims;

import dev.shardmark.results.format.Label;
import dev.shardmark.results.format.Row;
import dev.shardmark.results.format.SortedCopy;
import java.util.Objects;
import java.util.SortedMap;

/**
 * A number that follows from published configurations, or is published itself.
 *
 * @param source what the number is, as a benchmark is called: {@code Model.layers}
 * @param parameters what it is the number of
 * @param unit may be empty
 * @param label {@link Label#MODELLED}, or {@link Label#CITED}
 * @throws IllegalArgumentException if the value is no finite number, or the label is of a row
 */
public record Fact(
    String source, SortedMap<String, String> parameters, double value, String unit, Label label)
    implements Evidence {
  public Fact {
    Objects.requireNonNull(source, "source");
    parameters = SortedCopy.of(parameters, "parameters");
    Objects.requireNonNull(unit, "unit");
    if (!Double.isFinite(value)) {
      throw new IllegalArgumentException("a fact must be finite: fact=" + source + " " + value);
    }
    if (label != Label.MODELLED && label != Label.CITED) {
      throw new IllegalArgumentException("a fact must be modelled or cited: label=" + label);
    }
  }

  @Override
  public String name() {
    return Row.name(source, parameters);
  }

  @Override
  public Interval value(String value) {
    if (value != null) {
      throw new IllegalArgumentException("a fact has one value: value=" + value);
    }
    return Interval.exact(this.value);
  }
}
