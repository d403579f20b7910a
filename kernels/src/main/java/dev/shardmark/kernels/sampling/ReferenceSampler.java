package dev.shardmark.kernels.sampling;

import dev.shardmark.kernels.Matrix;
import dev.shardmark.kernels.Rounding;
import dev.shardmark.kernels.math.VectorExp;
import java.util.Comparator;
import java.util.stream.IntStream;

/**
 * The oracle of samplers: one row sorted as a whole, its masses in double, and how much every sum
 * of a float sampler may be off.
 *
 * <p>Not a {@link Sampler}: a float sampler near the border of two tokens may rightly draw either,
 * so that this judges tokens instead of giving one.
 */
public final class ReferenceSampler {
  private final boolean certain;

  /** The tokens top-k keeps, the largest first. */
  private final int[] ids;

  private final double[] mass;

  /** The least and the most tokens that top-p and min-p may keep. */
  private int fewest;

  private int most;

  /** Twice the error of a sum: once for its own, once for that of the whole it is compared with. */
  private double bound;

  /** Takes row i. */
  public ReferenceSampler(Matrix logits, int i, Sampling sampling) {
    ids =
        IntStream.range(0, logits.cols())
            .filter(j -> logits.at(i, j) > Float.NEGATIVE_INFINITY)
            .boxed()
            .sorted(Comparator.comparingDouble(j -> 0.0 - logits.at(i, j))) // stable; -0 is 0
            .limit(sampling.topK())
            .mapToInt(j -> j)
            .toArray();
    mass = new double[ids.length];
    double largest = ids.length == 0 ? 0 : logits.at(i, ids[0]);
    certain = sampling.greedy() || largest == Double.POSITIVE_INFINITY;
    if (!certain) {
      keep(logits, i, largest, sampling);
    }
  }

  private void keep(Matrix logits, int i, double largest, Sampling sampling) {
    double total = 0;
    double error = 0;
    int atLeast = 0; // surely not below min-p
    int atMost = 0; // perhaps not below min-p
    for (int rank = 0; rank < ids.length; rank++) {
      double t = (logits.at(i, ids[rank]) - largest) / sampling.temperature();
      double e = Math.exp(t);
      double high = Math.exp(t - Rounding.gamma(3) * t) * (1 + VectorExp.RELATIVE_ERROR);
      double off = t == 0 ? 0 : high - e + Float.MIN_NORMAL; // e^0 is exactly 1
      mass[rank] = e;
      total += e;
      error += off;
      atLeast += e - off >= sampling.minP() ? 1 : 0;
      atMost += e + off >= sampling.minP() ? 1 : 0;
    }
    error += Rounding.gamma(InverseCdf.BLOCK + InverseCdf.JOINING) * (total + error);
    bound = 2 * error;
    double share = sampling.topP() * total;
    fewest = sampling.topP() == 1 ? ids.length : reaching(share - bound);
    most = sampling.topP() == 1 ? ids.length : reaching(share + bound);
    fewest = Math.min(fewest, atLeast);
    most = Math.min(most, atMost);
  }

  /** How many of the largest tokens have this much mass, at least one. */
  private int reaching(double share) {
    double sum = 0;
    for (int rank = 0; rank < ids.length; rank++) {
      sum += mass[rank];
      if (sum >= share) {
        return rank + 1;
      }
    }
    return ids.length;
  }

  /** The tokens that may be kept, the largest first. */
  public int[] kept() {
    return IntStream.of(ids).limit(certain ? 1 : most).toArray();
  }

  /** The probability of a token that is kept, by its place in {@link #kept}. */
  public double probability(int place) {
    double sum = 0;
    for (int rank = 0; rank < most; rank++) {
      sum += mass[rank];
    }
    return certain ? 1 : mass[place] / sum;
  }

  /** By how much sums may be off, as a share of the least mass kept. */
  public double relativeBound() {
    double sum = 0;
    for (int rank = 0; rank < fewest; rank++) {
      sum += mass[rank];
    }
    return certain ? 0 : bound / sum;
  }

  /**
   * How far the number lies from what gives this token, over what it may; infinity for a token that
   * must not be drawn. The best over every number of tokens that may be kept.
   */
  public double worst(double uniform, int token) {
    if (certain || ids.length == 0) {
      return token == (ids.length == 0 ? -1 : ids[0]) ? 0 : Double.POSITIVE_INFINITY;
    }
    double below = 0;
    double kept = 0;
    double own = 0;
    double best = Double.POSITIVE_INFINITY;
    for (int rank = 0; rank < most; rank++) {
      kept += mass[rank];
      below += ids[rank] < token ? mass[rank] : 0;
      own = ids[rank] == token ? mass[rank] : own;
      if (own > 0 && rank + 1 >= fewest) {
        best = Math.min(best, distance(uniform * kept, below, own) / bound);
      }
    }
    return best;
  }

  /** How far a share of the mass lies outside a token's interval. */
  static double distance(double share, double below, double mass) {
    return Math.max(0, Math.max(below - share, share - (below + mass)));
  }
}
