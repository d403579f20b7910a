package dev.shardmark.kernels.sampling;

import dev.shardmark.kernels.Matrix;
import dev.shardmark.kernels.Work;

/**
 * One token a row of logits: temperature, top-k, softmax, top-p and min-p, then a draw.
 *
 * <ol>
 *   <li>Temperature 0 takes the largest logit. Otherwise token j has mass {@code e_j = e^((x_j - m)
 *       / T)}.
 *   <li>Top-k keeps the k largest logits.
 *   <li>Top-p sorts these, largest first, and keeps the fewest whose mass is at least the share
 *       topP of that of all k: the token that crosses the share is kept.
 *   <li>Min-p keeps of the k those with {@code e_j >= minP}, which is a share of the largest mass,
 *       1. A token stays that both keep.
 *   <li>The token drawn is the first, in order of ids, for which the mass of the tokens kept up to
 *       and with it exceeds u times the mass of all kept. That is sampling from the probabilities
 *       renormalised over what is kept.
 * </ol>
 *
 * <p><b>Shapes</b> X is (rows, V); row-major, stride in elements. {@code uniform} and {@code token}
 * have one element a row.
 *
 * <p><b>Edge cases</b> rows may be 0. Of equal logits the lower id is the larger one, everywhere; 0
 * and -0 are equal. NaN counts as -infinity and is never chosen. Where the largest logit is
 * infinity it is chosen. Where no logit is above -infinity, or V is 0, the token is -1. The uniform
 * numbers of a greedy choice are not read and may be null. Elements between the rows of a strided
 * view are not read.
 *
 * <p><b>Error</b> the largest, and the k largest, are exact. (x - m) / T has three roundings (1 /
 * T, the difference, the product) and so changes e_j by a factor between e^-h_j and e^h_j, h_j =
 * g(3) |x_j - m| / T; the exponential adds 2^-23, or gives 0 below 2^-126; masses are added in
 * float within {@value InverseCdf#BLOCK} tokens, which adds g({@value InverseCdf#BLOCK} + {@value
 * InverseCdf#JOINING}), and in double beyond. The sum of what this is for each token kept bounds
 * the error of every partial sum. A draw is right if u lies within the token's interval widened by
 * it, once for the sum at its end and once for the sum of all; so is a top-p that crosses its share
 * within as much.
 *
 * <p><b>Work</b> {@link #work}: each logit is read once. 4 flop (subtract, scale, exponential, add)
 * for each that gets a mass; comparisons count nothing.
 *
 * <p><b>Threading</b> one thread, one instance per rank: it owns scratch.
 *
 * <p><b>Source</b> A. Fan, M. Lewis and Y. Dauphin, Hierarchical neural story generation, arXiv
 * 1805.04833, 2018 (top-k); A. Holtzman et al., The curious case of neural text degeneration, arXiv
 * 1904.09751, 2019 (top-p); N. N. Minh et al., Turning up the heat: min-p sampling, arXiv
 * 2407.01082, 2024 (min-p).
 */
public interface Sampler {
  /**
   * Writes the token chosen in each row.
   *
   * @param uniform one number of [0, 1) a row
   * @throws IllegalArgumentException if the shapes disagree or a number is not in [0, 1)
   */
  void sample(Matrix logits, Sampling sampling, double[] uniform, int[] token);

  /** The work of one call. */
  static Work work(Sampling sampling, long rows, long vocabulary) {
    long powers = sampling.greedy() ? 0 : Math.min(sampling.topK(), vocabulary);
    long uniform = sampling.greedy() ? 0 : 8;
    return new Work(4 * rows * powers, rows * (4 * vocabulary + uniform + 4));
  }

  /** Checks all that a caller can get wrong. */
  static void checkOperands(Matrix logits, Sampling sampling, double[] uniform, int[] token) {
    boolean draws = !sampling.greedy();
    boolean enough = !draws || uniform != null && uniform.length == logits.rows();
    if (token.length != logits.rows() || !enough) {
      throw new IllegalArgumentException(
          ("shapes disagree: logits are " + logits.rows() + "x" + logits.cols())
              + (", token has " + token.length)
              + (", uniform has " + (uniform == null ? "none" : uniform.length)));
    }
    for (int i = 0; draws && i < uniform.length; i++) {
      InverseCdf.checkUniform(i, uniform[i]);
    }
  }
}
