package dev.shardmark.kernels.sampling;

import dev.shardmark.kernels.Matrix;
import dev.shardmark.kernels.Work;

/**
 * One step of beam search: of all {@code score_b + logProb_(b, j)}, beam b continued by token j,
 * the best. With one beam of score 0 it is the top-k of a row.
 *
 * <p><b>Shapes</b> the log-probabilities are (beams, V); row-major, stride in elements. {@code
 * scores} has one element a beam. The results have one element a continuation wanted, the same
 * number each, best first; it need not be the number of beams.
 *
 * <p><b>Edge cases</b> of equal sums the lower beam is better, then the lower token. What is NaN or
 * -infinity is no continuation: where there are too few, the rest has beam and token -1 and score
 * -infinity. beams, V and the number wanted may be 0. beams * V must be less than 2^31. Elements
 * between the rows of a strided view are not read.
 *
 * <p><b>Error</b> none: every sum is rounded to float once, and these floats are compared.
 *
 * <p><b>Work</b> {@link #work}: one addition a log-probability, each read once; 12 bytes a result.
 *
 * <p><b>Threading</b> one thread, one instance per rank: it owns scratch.
 *
 * <p><b>Source</b> I. Sutskever, O. Vinyals and Q. V. Le, Sequence to sequence learning with neural
 * networks, arXiv 1409.3215, 2014, section 3.2.
 */
public interface BeamStep {
  /**
   * Writes the best continuations.
   *
   * @param beam which beam each continues
   * @param token by which token
   * @param score its sum
   * @throws IllegalArgumentException if the shapes disagree
   */
  void best(Matrix logProbs, float[] scores, int[] beam, int[] token, float[] score);

  /** The work of one call. */
  static Work work(long beams, long vocabulary, long wanted) {
    return new Work(beams * vocabulary, 4 * beams * (vocabulary + 1) + 12 * wanted);
  }

  /** Checks all that a caller can get wrong. */
  static void checkOperands(
      Matrix logProbs, float[] scores, int[] beam, int[] token, float[] score) {
    boolean fits =
        scores.length == logProbs.rows()
            && token.length == beam.length
            && score.length == beam.length;
    if (!fits) {
      throw new IllegalArgumentException(
          ("shapes disagree: log-probabilities are " + logProbs.rows() + "x" + logProbs.cols())
              + (", scores has " + scores.length + ", beam has " + beam.length)
              + (", token has " + token.length + ", score has " + score.length));
    }
    if ((long) logProbs.rows() * logProbs.cols() > Integer.MAX_VALUE) {
      throw new IllegalArgumentException(
          ("beams times vocabulary must be less than 2^31: beams=" + logProbs.rows())
              + (" vocabulary=" + logProbs.cols()));
    }
  }
}
