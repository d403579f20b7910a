package dev.shardmark.results.format;

import java.util.Collections;
import java.util.Objects;
import java.util.SortedMap;
import java.util.TreeMap;

/** Maps as records keep them: unchangeable, in natural key order, without nulls. */
public final class SortedCopy {
  private SortedCopy() {}

  /** A copy of {@code map}, which messages call {@code name}. */
  public static <V> SortedMap<String, V> of(SortedMap<String, V> map, String name) {
    Objects.requireNonNull(map, name);
    SortedMap<String, V> copy = new TreeMap<>();
    map.forEach((key, value) -> copy.put(key, Objects.requireNonNull(value, name + "." + key)));
    return Collections.unmodifiableSortedMap(copy);
  }
}
