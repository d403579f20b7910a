package dev.shardmark.kernels.peer;

import dev.shardmark.kernels.Matrix;
import dev.shardmark.kernels.softmax.Softmax;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/**
 * Softmax over the rows of one shape by oneDNN's softmax primitive on one thread.
 *
 * <p>Not a {@link Softmax}: primitives take no arrays of the heap, and copies would take about as
 * long as the work. Logits go in once, {@link #run} works on the library's own memory and can be
 * timed, and the result comes out once. Nor does the primitive scale: {@link #load} does.
 */
public final class OneDnnSoftmax {
  private final OneDnn library = OneDnn.here();
  private final int rows;
  private final int cols;
  private final MemorySegment primitive;
  private final OneDnnMatrix x;
  private final OneDnnMatrix y;
  private final OneDnnArguments arguments;

  /**
   * A softmax of rows x cols.
   *
   * @throws IllegalArgumentException unless both are at least 1
   * @throws PeerUnavailableException one sentence, if there is no library
   */
  public OneDnnSoftmax(int rows, int cols) {
    if (rows < 1 || cols < 1) {
      throw new IllegalArgumentException(
          "a softmax of oneDNN needs rows, cols >= 1: rows=" + rows + " cols=" + cols);
    }
    this.rows = rows;
    this.cols = cols;
    Arena arena = Arena.ofAuto();
    try (Arena brief = Arena.ofConfined()) {
      MemorySegment shape = library.rowMajor(brief, rows, cols);
      primitive = library.primitive(arena, library.softmax(brief, shape));
      x = new OneDnnMatrix(library, arena, shape);
      y = new OneDnnMatrix(library, arena, shape);
    }
    arguments =
        new OneDnnArguments(arena, OneDnnArguments.SOURCE, OneDnnArguments.DESTINATION)
            .with(OneDnnArguments.SOURCE, x)
            .with(OneDnnArguments.DESTINATION, y);
  }

  /** Takes over logits, times a factor. */
  public void load(float scale, Matrix logits) {
    checkShape(logits);
    x.load(scale, logits);
  }

  /** Softmax of what was loaded. */
  public void run() {
    library.execute(primitive, arguments);
  }

  /** Hands over the result. */
  public void store(Matrix result) {
    checkShape(result);
    y.store(result);
  }

  private void checkShape(Matrix matrix) {
    if (matrix.rows() != rows || matrix.cols() != cols) {
      throw new IllegalArgumentException(
          "an operand must be "
              + rows
              + "x"
              + cols
              + ": operand="
              + matrix.rows()
              + "x"
              + matrix.cols());
    }
  }
}
