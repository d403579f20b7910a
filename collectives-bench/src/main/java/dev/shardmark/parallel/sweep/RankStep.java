package dev.shardmark.parallel.sweep;

import dev.shardmark.kernels.Matrix;

/** One rank's part of a step, to be run again and again. */
public interface RankStep {
  /** Puts back what a run has changed: tokens and caches. Not timed. */
  void rewind();

  /** Runs the step together with the other ranks. Allocates nothing from the second time on. */
  void run();

  /** The tokens this rank has at the end, (rows, h), in the order of {@link AxisSplit#rows}. */
  Matrix result();
}
