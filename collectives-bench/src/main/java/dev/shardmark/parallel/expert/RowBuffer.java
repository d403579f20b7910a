package dev.shardmark.parallel.expert;

import dev.shardmark.kernels.Matrix;

/**
 * Room for rows of one width, as many as were needed so far. Routings differ in rows from step to
 * step; the view of each number of rows is made once.
 */
final class RowBuffer {
  private final int cols;
  private final int parts;
  private Matrix all;

  /** By number of rows: the whole width, then each part of it. */
  private Matrix[][] views = {};

  /** Rows whose columns are also seen in equal parts. */
  RowBuffer(int cols, int parts) {
    this.cols = cols;
    this.parts = parts;
  }

  /** The first rows; what they held is lost where the buffer grows. */
  Matrix rows(int rows) {
    return views(rows)[0];
  }

  /** Columns of one of the parts. */
  Matrix part(int rows, int part) {
    return views(rows)[1 + part];
  }

  private Matrix[] views(int rows) {
    if (rows >= views.length) {
      int room = Math.max(Math.max(1, rows), 2 * views.length); // where a part of no row starts
      all = Matrix.zeros(room, cols);
      views = new Matrix[room + 1][];
    }
    if (views[rows] == null) {
      views[rows] = new Matrix[1 + parts];
      views[rows][0] = new Matrix(all.data(), all.offset(), rows, cols, cols);
      int width = cols / parts;
      for (int part = 0; part < parts; part++) {
        int at = all.offset() + part * width;
        views[rows][1 + part] = new Matrix(all.data(), at, rows, width, cols);
      }
    }
    return views[rows];
  }
}
