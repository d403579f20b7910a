package dev.shardmark.parallel.expert;

import dev.shardmark.collectives.Communicator;
import dev.shardmark.kernels.Matrix;

/**
 * An all-to-all of rows, whose numbers ranks tell each other first, and the same back. Numbers are
 * sent as floats, which are exact up to 2^24.
 */
final class RowExchange {
  private static final int MOST_ROWS = 1 << 24;

  private final Communicator group;
  private final int each;
  private final float[] told;
  private final float[] heard;
  private final int[] counts;
  private final int[] sent;
  private final int[] received;
  private final RowBuffer arrived;
  private final RowBuffer returned;
  private int sentRows;

  /**
   * An exchange.
   *
   * @param each numbers for each rank
   */
  RowExchange(Communicator group, int each, int cols) {
    this.group = group;
    this.each = each;
    int ranks = group.size();
    told = new float[ranks * each];
    heard = new float[ranks * each];
    counts = new int[ranks * each];
    sent = new int[ranks];
    received = new int[ranks];
    arrived = new RowBuffer(cols, 1);
    returned = new RowBuffer(cols, 1);
  }

  /** Of the rows that came, {@code each} numbers of each rank. */
  int[] counts() {
    return counts;
  }

  /**
   * Sends rows that lie in the order of ranks and, for one rank, of their numbers.
   *
   * @throws IllegalArgumentException if there are too many to be counted
   */
  Matrix send(Matrix rows, int[] countsOut) {
    if (rows.rows() > MOST_ROWS) {
      throw new IllegalArgumentException(
          "rows must be counted exactly by a float, up to 2^24: rows=" + rows.rows());
    }
    for (int i = 0; i < told.length; i++) {
      told[i] = countsOut[i];
    }
    group.allToAll(told, 0, heard, 0, told.length);
    for (int i = 0; i < heard.length; i++) {
      counts[i] = (int) heard[i];
    }
    sentRows = elements(countsOut, rows.cols(), sent) / rows.cols();
    Matrix in = arrived.rows(elements(counts, rows.cols(), received) / rows.cols());
    group.allToAllV(rows.data(), rows.offset(), sent, in.data(), in.offset(), received);
    return in;
  }

  /** Sends back as many rows as came from each rank, and returns as many as were sent. */
  Matrix giveBack(Matrix rows) {
    Matrix in = returned.rows(sentRows);
    group.allToAllV(rows.data(), rows.offset(), received, in.data(), in.offset(), sent);
    return in;
  }

  /** Sets elements for each rank, and returns their sum. */
  private int elements(int[] counts, int cols, int[] elements) {
    int sum = 0;
    for (int rank = 0; rank < elements.length; rank++) {
      int rows = 0;
      for (int i = rank * each; i < (rank + 1) * each; i++) {
        rows += counts[i];
      }
      elements[rank] = Math.multiplyExact(rows, cols);
      sum = Math.addExact(sum, elements[rank]);
    }
    return sum;
  }

  /** Bytes a rank sends to tell the numbers. */
  static long countBytes(int ranks, int each) {
    return (long) Float.BYTES * (ranks - 1) * each;
  }
}
