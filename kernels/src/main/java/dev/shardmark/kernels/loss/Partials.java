package dev.shardmark.kernels.loss;

import dev.shardmark.kernels.math.VectorExp;

/**
 * What one rank knows of the loss of each row, to be merged with what the others know.
 *
 * <ol>
 *   <li>all ranks: {@link CrossEntropy#partials};
 *   <li>all-reduce of {@code largest} by maximum;
 *   <li>all ranks: {@link #rescale} to that maximum;
 *   <li>all-reduces of {@code sum} and {@code target} by addition;
 *   <li>all ranks: {@link #losses}, the same everywhere.
 * </ol>
 *
 * @param largest m of the rank's columns; the lowest finite float where all are -infinity
 * @param sum S of the rank's columns, relative to {@code largest}
 * @param target the target's logit on the rank that has it, 0 on others
 * @throws IllegalArgumentException if the lengths differ
 */
public record Partials(float[] largest, float[] sum, float[] target) {
  public Partials {
    if (sum.length != largest.length || target.length != largest.length) {
      throw new IllegalArgumentException(
          ("partials need one of each a row: largest=" + largest.length)
              + (" sum=" + sum.length + " target=" + target.length));
    }
  }

  /** Room for this many rows. */
  public static Partials ofRows(int rows) {
    return new Partials(new float[rows], new float[rows], new float[rows]);
  }

  /**
   * Makes every sum relative to the largest logit of all ranks, which takes the place of {@code
   * largest}.
   *
   * @throws IllegalArgumentException if there is not one a row
   */
  public void rescale(float[] largestOfAll) {
    if (largestOfAll.length != largest.length) {
      throw new IllegalArgumentException(
          ("there must be one maximum a row: rows=" + largest.length)
              + (" maxima=" + largestOfAll.length));
    }
    for (int i = 0; i < largest.length; i++) {
      sum[i] *= VectorExp.exp(largest[i] - largestOfAll[i]);
      largest[i] = largestOfAll[i];
    }
  }

  /**
   * Writes the losses, once these are the partials of all ranks together.
   *
   * @return the mean over the rows that are not ignored; NaN if there are none
   * @throws IllegalArgumentException if there is not one target and one loss a row
   */
  public float losses(int[] targets, float[] loss) {
    if (targets.length != largest.length || loss.length != largest.length) {
      throw new IllegalArgumentException(
          ("there must be one target and one loss a row: rows=" + largest.length)
              + (" targets=" + targets.length + " losses=" + loss.length));
    }
    for (int i = 0; i < loss.length; i++) {
      boolean ignored = targets[i] == CrossEntropy.IGNORED;
      loss[i] = ignored ? 0 : loss(largest[i], sum[i], target[i]);
    }
    return CrossEntropy.mean(loss, targets);
  }

  /** m - x_target + log S; the difference first, for it is what large logits leave small. */
  static float loss(float largest, float sum, float target) {
    if (sum == 0) {
      return Float.POSITIVE_INFINITY; // all logits are -infinity
    }
    return (float) ((double) largest - target + Math.log(sum));
  }
}
