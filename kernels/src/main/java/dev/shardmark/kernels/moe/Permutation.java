package dev.shardmark.kernels.moe;

import dev.shardmark.kernels.Matrix;
import dev.shardmark.kernels.Work;
import java.util.Arrays;

/**
 * Choices sorted by expert, so that the rows of one expert lie together and can be multiplied in
 * one product: a counting sort, which keeps the order of tokens and, of one token, of its choices.
 * Dropped choices have no row. One instance per rank; its arrays grow with the routing.
 */
public final class Permutation {
  private final int[] offset;
  private int[] row = {};
  private int[] token = {};
  private int tokens;

  public Permutation(int experts) {
    if (experts < 1) {
      throw new IllegalArgumentException("experts must be at least 1: experts=" + experts);
    }
    this.offset = new int[experts + 1];
  }

  /**
   * Sorts.
   *
   * @throws IllegalArgumentException if an expert is out of range
   */
  public void sort(Routing routing) {
    int experts = offset.length - 1;
    routing.check(experts);
    tokens = routing.tokens();
    int choices = routing.choices();
    int topK = routing.topK();
    int[] expert = routing.expert();
    if (row.length < choices) {
      row = new int[choices];
      token = new int[choices];
    }
    Arrays.fill(offset, 0);
    for (int at = 0; at < choices; at++) {
      if (expert[at] != Routing.DROPPED) {
        offset[expert[at] + 1]++;
      }
    }
    for (int e = 1; e < experts; e++) {
      offset[e + 1] += offset[e];
    }
    // offset[e] moves to the end of e while its rows are given out, and back at the end
    for (int t = 0, at = 0; t < tokens; t++) {
      for (int end = at + topK; at < end; at++) {
        int e = expert[at];
        row[at] = e == Routing.DROPPED ? Routing.DROPPED : offset[e]++;
        if (row[at] >= 0) {
          token[row[at]] = t;
        }
      }
    }
    System.arraycopy(offset, 0, offset, 1, experts);
    offset[0] = 0;
  }

  /** Row of each choice, or {@link Routing#DROPPED}; may be longer than the routing. */
  public int[] row() {
    return row;
  }

  /** Token of each row; may be longer than there are rows. */
  public int[] token() {
    return token;
  }

  /** Rows of expert e are {@code offset[e]} up to {@code offset[e + 1]}. */
  public int[] offset() {
    return offset;
  }

  /** How many rows there are. */
  public int rows() {
    return offset[offset.length - 1];
  }

  /**
   * Copies to each row the vector of its token: x is (T, D), rows are ({@link #rows}, D) and do not
   * overlap x.
   *
   * @throws IllegalArgumentException if the shapes disagree
   */
  public void gather(Matrix x, Matrix rows) {
    if (x.rows() != tokens || rows.rows() != rows() || rows.cols() != x.cols()) {
      throw new IllegalArgumentException(
          "shapes disagree: x is "
              + x.rows()
              + "x"
              + x.cols()
              + ", rows are "
              + rows.rows()
              + "x"
              + rows.cols()
              + ", sorted are tokens="
              + tokens
              + " rows="
              + rows());
    }
    for (int i = 0; i < rows(); i++) {
      int from = x.offset() + token[i] * x.rowStride();
      int to = rows.offset() + i * rows.rowStride();
      System.arraycopy(x.data(), from, rows.data(), to, x.cols());
    }
  }

  /** The work of a sort and a gather of a dropless routing: x read once, every row written once. */
  public static Work work(long tokens, long topK, long model) {
    return new Work(0, 4 * (tokens * topK + tokens * model + tokens * topK * model));
  }
}
