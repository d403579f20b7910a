package dev.shardmark.parallel.sweep;

import dev.shardmark.collectives.Algorithms;
import dev.shardmark.collectives.Communicator;
import dev.shardmark.kernels.Work;
import dev.shardmark.parallel.Axis;
import dev.shardmark.parallel.Meter;

/**
 * A step through the layers of a {@link LayerSetup}, split along one axis.
 *
 * <p>Whatever the axis, all ranks together take the same tokens through the same weights, so that
 * what they end with is what one rank alone ends with.
 */
public interface AxisSplit {
  /** The axis. */
  Axis axis();

  /** How the axis is divided: the name of the algorithm in rows. */
  String scheme();

  /** Ranks. */
  int ranks();

  /** What a rank does; every rank makes its own, with weights and caches of its own. */
  RankStep make(Communicator world, Meter meter);

  /** Which of the step's tokens a rank has at the end, in its order. */
  int[] rows(int rank);

  /** Tokens of the step, of all ranks together. */
  default int allRows() {
    int end = 0;
    for (int rank = 0; rank < ranks(); rank++) {
      for (int row : rows(rank)) {
        end = Math.max(end, row + 1);
      }
    }
    return end;
  }

  /** The rank that computes most. */
  int busiest();

  /** What a rank computes, of all its layers. */
  Work work(int rank);

  /** Bytes a rank sends in a step. */
  long sentBytes(Algorithms algorithms, int rank);

  /** Weights that a rank holds. */
  long rankWeights(int rank);

  /** Of them, those that another rank holds as well. */
  long duplicatedWeights(int rank);

  /** Elements of the key/value cache that a rank keeps for a token of all sequences, on average. */
  double cacheElementsPerToken();

  /** Stages that a token passes one after the other. */
  default int stages() {
    return 1;
  }
}
