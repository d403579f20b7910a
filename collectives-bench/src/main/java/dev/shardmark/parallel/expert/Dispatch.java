package dev.shardmark.parallel.expert;

import dev.shardmark.kernels.Matrix;

/**
 * The way of rows to the ranks that hold their experts, and back.
 *
 * <p><b>Shapes</b> rows are (R, h), dense, sorted by place: those of place i are rows {@code
 * offset[i]} up to {@code offset[i + 1]}. What arrives is sorted by slot, rows of one slot by the
 * rank they come from, and those of one rank are in its order.
 *
 * <p><b>Edge cases</b> a rank may send nothing, get nothing, or both.
 *
 * <p><b>Error</b> none: rows are copied.
 *
 * <p><b>Threading</b> the thread of the rank; all ranks call together, first {@link #send}, then
 * {@link #giveBack}. Nothing is allocated for numbers of rows that have been met before.
 *
 * <p><b>Source</b> D. Lepikhin et al., GShard, arXiv 2006.16668, 2020.
 */
public interface Dispatch {
  /**
   * Sends rows, and returns those that have come for this rank's experts; they are valid until
   * {@link #giveBack}.
   *
   * @throws IllegalArgumentException if offsets are not one more than the places
   */
  Matrix send(Matrix rows, int[] offset);

  /** Rows of slot i of what came are {@code offset[i]} up to {@code offset[i + 1]}. */
  int[] offset();

  /**
   * Sends a row back for each that came, and returns those that come back, in the order of the rows
   * that were sent; they are valid until the next {@link #send}.
   */
  Matrix giveBack(Matrix results);
}
