package dev.shardmark.results.claims;

import dev.shardmark.results.format.Row;
import java.util.ArrayList;
import java.util.List;

/** All that claims can be decided from. */
public final class Sources {
  private final List<Evidence> all;

  private Sources(List<Evidence> all) {
    this.all = List.copyOf(all);
  }

  /** The rows of a run, and facts. */
  public static Sources of(List<Row> rows, List<Fact> facts) {
    List<Evidence> all = new ArrayList<>();
    rows.forEach(row -> all.add(new Measured(row)));
    all.addAll(facts);
    return new Sources(all);
  }

  /** What a figure is read from. */
  List<Evidence> of(Figure figure) {
    return all.stream().filter(figure::selects).toList();
  }

  /** What a row is compared with; those of its own label where there are any. */
  List<Evidence> of(Over over, Evidence row) {
    List<Evidence> others = all.stream().filter(other -> over.matches(row, other)).toList();
    List<Evidence> alike = others.stream().filter(o -> o.label() == row.label()).toList();
    return alike.isEmpty() ? others : alike;
  }
}
