package dev.shardmark.results.targets;

import dev.shardmark.results.format.SortedCopy;
import java.util.Collections;
import java.util.List;
import java.util.SortedMap;

/**
 * A row to compare with: the target's own, with other values.
 *
 * @param benchmark another benchmark, null for the target's
 * @param parameters values that differ
 * @param without parameters of the target that the other benchmark lacks
 * @throws IllegalArgumentException if nothing differs
 */
public record Peer(String benchmark, SortedMap<String, String> parameters, List<String> without) {
  public Peer {
    parameters =
        parameters == null ? Collections.emptySortedMap() : SortedCopy.of(parameters, "parameters");
    without = without == null ? List.of() : List.copyOf(without);
    if (benchmark == null && parameters.isEmpty()) {
      throw new IllegalArgumentException("a peer must differ from the row it is compared with");
    }
  }

  /** What it is called beside the row, for example {@code openblas}. */
  String label() {
    return parameters.isEmpty() ? benchmark : String.join(" ", parameters.values());
  }
}
