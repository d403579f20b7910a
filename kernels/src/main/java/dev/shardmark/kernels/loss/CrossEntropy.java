package dev.shardmark.kernels.loss;

import dev.shardmark.kernels.Matrix;
import dev.shardmark.kernels.Work;

/**
 * Cross-entropy of each row, {@code loss = log(sum_j e^(x_j)) - x_target}: of whole rows, or from
 * what every rank knows of its part of the vocabulary.
 *
 * <p><b>Shapes</b> X is (rows, cols); row-major, stride in elements. {@code targets} has one token
 * a row, {@link #IGNORED} where the row has no loss. Column j of X belongs to token {@code first +
 * j} of a vocabulary of V tokens.
 *
 * <p><b>Edge cases</b> rows may be 0. A row that is ignored is not read; its loss is 0, and it does
 * not count in the mean. A target of -infinity among larger logits has infinite loss; so has every
 * target where all logits are -infinity. A NaN or +infinity in a row makes its loss NaN. Large
 * logits do not overflow. A target outside the vocabulary is refused before anything is written.
 * Elements between the rows of a strided view are neither read nor written.
 *
 * <p><b>Error</b> that of a log-softmax at the target, {@link
 * dev.shardmark.kernels.softmax.Softmax}: m - x_target + log S takes fewer roundings than {@code
 * x_target - m - log S} in float. From p ranks, S adds up from rescaled parts. With m_r the largest
 * logit of rank r, the roundings of x - m_r and m_r - m change a power by no more than that of x -
 * m does, for the two differences add up to it; the rescaling's exponential, its product and p - 1
 * additions add g(p + 2), relative to S, and so about as much to the loss.
 *
 * <p><b>Work</b> {@link #work}: 3 flop a logit (subtract, exponential, add); X is read once, and 8
 * bytes a row are its target and its loss.
 *
 * <p><b>Threading</b> one thread, one instance per rank.
 *
 * <p><b>Source</b> M. Shoeybi et al., Megatron-LM, arXiv 1909.08053, 2019, section 3, for the split
 * over the vocabulary.
 */
public interface CrossEntropy {
  /** Target of a row that has no loss. */
  int IGNORED = -1;

  /**
   * Writes the loss of each row.
   *
   * @return the mean over the rows that are not ignored; NaN if there are none
   * @throws IllegalArgumentException if the shapes disagree or a target is no column
   */
  float losses(Matrix x, int[] targets, float[] loss);

  /**
   * Writes what one rank knows of each row.
   *
   * @param first the token of X's first column
   * @param vocabulary V, how many tokens there are on all ranks
   * @throws IllegalArgumentException if the shapes disagree, the columns do not lie within the
   *     vocabulary or a target does not
   */
  void partials(Matrix x, int first, int vocabulary, int[] targets, Partials partials);

  /** The work of one call in which no row is ignored. */
  static Work work(long rows, long cols) {
    return new Work(3 * rows * cols, 4 * rows * cols + 8 * rows);
  }

  /**
   * Checks all that a caller can get wrong; {@code results} is how many rows they have room for.
   */
  static void checkOperands(Matrix x, int first, int vocabulary, int[] targets, int results) {
    if (targets.length != x.rows() || results != x.rows()) {
      throw new IllegalArgumentException(
          ("shapes disagree: X is " + x.rows() + "x" + x.cols())
              + (", targets has " + targets.length + ", results have " + results));
    }
    if (first < 0 || first > vocabulary - x.cols()) {
      throw new IllegalArgumentException(
          ("the columns must lie within the vocabulary: first=" + first)
              + (" cols=" + x.cols() + " vocabulary=" + vocabulary));
    }
    for (int i = 0; i < targets.length; i++) {
      if (targets[i] != IGNORED && (targets[i] < 0 || targets[i] >= vocabulary)) {
        throw new IllegalArgumentException(
            "a target must be in 0.." + (vocabulary - 1) + ": row=" + i + " target=" + targets[i]);
      }
    }
  }

  /** The mean of the losses that are not ignored, added up in double; NaN if there are none. */
  static float mean(float[] loss, int[] targets) {
    double sum = 0;
    int count = 0;
    for (int i = 0; i < loss.length; i++) {
      if (targets[i] != IGNORED) {
        sum += loss[i];
        count++;
      }
    }
    return (float) (sum / count);
  }
}
