package dev.shardmark.collectives.barrier;

import dev.shardmark.collectives.Algorithm;
import dev.shardmark.collectives.Rank;

/** An algorithm after which every rank knows that all have come. */
public interface Barrier extends Algorithm {
  /** Called by every rank with at least two ranks. */
  void run(Rank rank);
}
