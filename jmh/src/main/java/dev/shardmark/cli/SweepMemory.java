package dev.shardmark.cli;

import dev.shardmark.parallel.sweep.AxisSplit;
import dev.shardmark.parallel.sweep.LayerSetup;
import dev.shardmark.parallel.sweep.Step;
import java.util.Locale;

/** What a point of a sweep needs of the heap: weights and caches of the ranks it makes. */
final class SweepMemory {
  /** Buffers, packing and garbage beside them. */
  private static final double ROOM = 1.25;

  private final LayerSetup setup;
  private double elements;

  SweepMemory(LayerSetup setup) {
    this.setup = setup;
  }

  /** One more rank of a split. */
  SweepMemory plus(AxisSplit split, int rank) {
    Step step = setup.step();
    elements += split.rankWeights(rank);
    if (step.isDecode()) {
      elements += split.cacheElementsPerToken() * (step.context() + step.tokens());
    }
    return this;
  }

  /** All ranks of a split. */
  SweepMemory plus(AxisSplit split) {
    for (int rank = 0; rank < split.ranks(); rank++) {
      plus(split, rank);
    }
    return this;
  }

  /** One sentence if this heap is too small, or null. */
  String tooSmall() {
    double neededBytes = ROOM * Float.BYTES * elements;
    double heapBytes = Runtime.getRuntime().maxMemory();
    return neededBytes <= heapBytes
        ? null
        : String.format(
            Locale.ROOT,
            "weights and caches must fit the heap: neededGB=%.1f heapGB=%.1f",
            neededBytes / 1e9,
            heapBytes / 1e9);
  }
}
