package dev.shardmark.cli.claims;

import dev.shardmark.results.claims.Fact;
import dev.shardmark.results.format.Label;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/** Facts as they are found. */
final class FactList {
  private final List<Fact> facts = new ArrayList<>();

  /** Adds one; parameters are name, value, name, value. */
  void add(String source, double value, String unit, Object... parameters) {
    SortedMap<String, String> named = new TreeMap<>();
    for (int i = 0; i < parameters.length; i += 2) {
      named.put(parameters[i].toString(), parameters[i + 1].toString());
    }
    facts.add(new Fact(source, named, value, unit, Label.MODELLED));
  }

  List<Fact> list() {
    return List.copyOf(facts);
  }
}
