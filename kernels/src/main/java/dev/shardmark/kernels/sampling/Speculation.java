package dev.shardmark.kernels.sampling;

import dev.shardmark.kernels.Matrix;
import dev.shardmark.kernels.Work;

/**
 * What a target model makes of the tokens a draft model proposed: each is accepted with probability
 * {@code min(1, p / q)}; the first that is not gives way to one drawn from {@code max(p - q, 0)},
 * normalised; and after the last there is one more, drawn from p.
 *
 * <p>The tokens then have the distribution of the target model alone, whatever the draft's is:
 * token j comes by acceptance with {@code min(p_j, q_j)}, and by rejection with {@code max(p_j -
 * q_j, 0)}, since those rejected have as much mass as what is drawn instead.
 *
 * <p><b>Shapes</b> Q is (drafted, V), the draft's probabilities; P is (drafted + 1, V), the
 * target's; row-major, strides in elements. {@code drafted} and {@code accept} have one element a
 * row of Q, {@code token} one a row of P.
 *
 * <p><b>Edge cases</b> nothing drafted is a draw from P's only row. A token is accepted where
 * {@code accept q < p} in double, so that p = 0 is never accepted. Probabilities need not add up to
 * 1 in the last digit: every draw is relative to the sum of what it draws from. Where a rejection
 * leaves no p above q, which only rounding can do, the draw is from p; and where p has no mass
 * either, the token is -1. A NaN among probabilities counts as 0 in a draw.
 *
 * <p><b>Error</b> acceptance is exact. p - q has one rounding, and sums the roundings of {@link
 * Sampler}: a draw is right if its number lies within the token's interval, widened by twice g(1 +
 * {@value InverseCdf#BLOCK} + {@value InverseCdf#JOINING}) of the whole mass.
 *
 * <p><b>Work</b> {@link #work}: of a call that rejects, which reads one row of P and one of Q; 3
 * flop a token (subtract, maximum, add). Rows before the rejected one are read at one place each.
 *
 * <p><b>Threading</b> one thread, one instance per rank: it owns scratch.
 *
 * <p><b>Source</b> Y. Leviathan, M. Kalman and Y. Matias, Fast inference from transformers via
 * speculative decoding, arXiv 2211.17192, 2022, algorithm 1 and appendix A.1.
 */
public interface Speculation {
  /**
   * Writes the accepted tokens and the one after them.
   *
   * @param accept numbers of [0, 1) that decide acceptance
   * @param next the number of [0, 1) that draws the last token
   * @return how many tokens were written: 1 more than were accepted
   * @throws IllegalArgumentException if the shapes disagree, a drafted token is not in the
   *     vocabulary or a number is not in [0, 1)
   */
  int verify(Matrix target, Matrix draft, int[] drafted, double[] accept, double next, int[] token);

  /** The work of one call that rejects a token. */
  static Work work(long vocabulary) {
    return new Work(3 * vocabulary, 8 * vocabulary);
  }

  /** Checks all that a caller can get wrong. */
  static void checkOperands(
      Matrix target, Matrix draft, int[] drafted, double[] accept, double next, int[] token) {
    int rows = draft.rows();
    boolean fits =
        target.rows() == rows + 1
            && target.cols() == draft.cols()
            && drafted.length == rows
            && accept.length == rows
            && token.length == rows + 1;
    if (!fits) {
      throw new IllegalArgumentException(
          ("shapes disagree: target is " + target.rows() + "x" + target.cols())
              + (", draft is " + rows + "x" + draft.cols())
              + (", drafted has " + drafted.length)
              + (", accept has " + accept.length + ", token has " + token.length));
    }
    for (int i = 0; i < rows; i++) {
      if (drafted[i] < 0 || drafted[i] >= draft.cols()) {
        throw new IllegalArgumentException(
            ("a drafted token must be in 0.." + (draft.cols() - 1))
                + (": row=" + i + " token=" + drafted[i]));
      }
      InverseCdf.checkUniform(i, accept[i]);
    }
    InverseCdf.checkUniform(rows, next);
  }
}
