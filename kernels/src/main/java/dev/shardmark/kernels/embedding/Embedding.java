package dev.shardmark.kernels.embedding;

import dev.shardmark.kernels.Matrix;
import dev.shardmark.kernels.Work;

/**
 * Embedding lookup, {@code y_i = table[ids_i]}, of a whole table or of the rows one rank has.
 *
 * <p><b>Shapes</b> the table is (rows, D), Y is (n, D) for n ids; row-major, strides in elements. Y
 * does not overlap the table. The table's row r belongs to id {@code first + r} of a vocabulary of
 * V ids.
 *
 * <p><b>Edge cases</b> n, D or the rows of the table may be 0. An id of the vocabulary that the
 * table does not have gives a row of zeros, so that the sum over ranks that share the vocabulary is
 * the whole lookup. An id outside 0 to V - 1 is refused before anything is written. An id may come
 * more than once. Elements between the rows of a strided view are neither read nor written.
 *
 * <p><b>Error</b> none: every element keeps its bits.
 *
 * <p><b>Work</b> {@link #work}: no flop; each id is read once, so is each row asked for that the
 * table has, however often, and each row of Y is written once.
 *
 * <p><b>Threading</b> one thread, one instance per rank.
 *
 * <p><b>Source</b> M. Shoeybi et al., Megatron-LM, arXiv 1909.08053, 2019, section 3, for the split
 * over the vocabulary.
 */
public interface Embedding {
  /**
   * Writes row i of Y: row {@code ids[i] - first} of the table, or zeros where it has none.
   *
   * @param first the id of the table's first row
   * @param vocabulary V, how many ids there are on all ranks
   * @throws IllegalArgumentException if the shapes disagree, the table's rows do not lie within the
   *     vocabulary or an id does not
   */
  void lookUp(Matrix table, int first, int vocabulary, int[] ids, Matrix y);

  /**
   * Looks up in a table of the whole vocabulary.
   *
   * @throws IllegalArgumentException if the shapes disagree or the table has no row for an id
   */
  default void lookUp(Matrix table, int[] ids, Matrix y) {
    lookUp(table, 0, table.rows(), ids, y);
  }

  /**
   * The work of one call.
   *
   * @param ids how many are asked for
   * @param found different rows of the table among them
   * @param model D
   */
  static Work work(long ids, long found, long model) {
    return new Work(0, 4 * (ids + (ids + found) * model));
  }

  /** Checks all that a caller can get wrong. */
  static void checkOperands(Matrix table, int first, int vocabulary, int[] ids, Matrix y) {
    if (y.rows() != ids.length || y.cols() != table.cols()) {
      throw new IllegalArgumentException(
          ("shapes disagree: table is " + table.rows() + "x" + table.cols())
              + (", Y is " + y.rows() + "x" + y.cols() + ", ids has " + ids.length));
    }
    if (first < 0 || first > vocabulary - table.rows()) {
      throw new IllegalArgumentException(
          ("a table's rows must lie within the vocabulary: first=" + first)
              + (" rows=" + table.rows() + " vocabulary=" + vocabulary));
    }
    for (int i = 0; i < ids.length; i++) {
      if (ids[i] < 0 || ids[i] >= vocabulary) {
        throw new IllegalArgumentException(
            "an id must be in 0.." + (vocabulary - 1) + ": row=" + i + " id=" + ids[i]);
      }
    }
  }
}
