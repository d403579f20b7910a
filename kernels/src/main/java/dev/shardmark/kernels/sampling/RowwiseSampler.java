package dev.shardmark.kernels.sampling;

import dev.shardmark.kernels.Matrix;

/**
 * {@link Sampler} from a way to scan and a way to get masses.
 *
 * <p>Without top-k and top-p nothing is sorted: masses are added by blocks. Top-k keeps the k
 * largest in a heap, whose least value a scan compares with; only they get a mass. Top-p alone adds
 * all masses, then takes the largest {@value #FEW} tokens, and {@value #GROWTH} times as many as
 * long as they have too little: a flat distribution, where many are needed, costs one scan after
 * another.
 */
abstract class RowwiseSampler implements Sampler {
  private static final int FEW = 64;

  private static final int GROWTH = 4;

  private final Scan scan;

  private final Powers powers;

  private final Largest candidates = new Largest();

  RowwiseSampler(Scan scan, Powers powers) {
    this.scan = scan;
    this.powers = powers;
  }

  @Override
  public final void sample(Matrix logits, Sampling sampling, double[] uniform, int[] token) {
    Sampler.checkOperands(logits, sampling, uniform, token);
    for (int i = 0; i < logits.rows(); i++) {
      int at = logits.offset() + i * logits.rowStride();
      int best = scan.largest(logits.data(), at, logits.cols());
      boolean certain = best < 0 || sampling.greedy() || logits.data()[at + best] == 1 / 0f;
      token[i] = certain ? best : draw(logits, at, best, sampling, uniform[i]);
    }
  }

  private int draw(Matrix logits, int at, int best, Sampling sampling, double uniform) {
    float[] x = logits.data();
    int n = logits.cols();
    float scale = 1 / sampling.temperature();
    powers.row(x, at, x[at + best], scale, sampling.topP() < 1 ? 0 : sampling.minP());
    if (sampling.topK() < n) {
      select(x, at, n, sampling.topK());
      double share = sampling.topP() * mass(candidates.size());
      return drawCandidate(kept(share, sampling), uniform);
    }
    double total = powers.total(n);
    if (sampling.topP() == 1) {
      return powers.draw(uniform);
    }
    double share = sampling.topP() * total;
    int few = Math.min(n, FEW);
    select(x, at, n, few);
    int kept = kept(share, sampling);
    while (kept > candidates.size() && few < n) {
      few = few > n / GROWTH ? n : few * GROWTH;
      select(x, at, n, few);
      kept = kept(share, sampling);
    }
    return drawCandidate(Math.min(kept, candidates.size()), uniform);
  }

  private void select(float[] x, int at, int n, int k) {
    candidates.keep(k);
    candidates.offer(scan, x, at, n, 0, 0);
    candidates.sort();
  }

  /** The mass of the first n candidates. */
  private double mass(int n) {
    double mass = 0;
    for (int i = 0; i < n; i++) {
      mass += powers.power(candidates.value(i));
    }
    return mass;
  }

  /** How many candidates top-p and min-p keep; one more than there are if that is not enough. */
  private int kept(double share, Sampling sampling) {
    double mass = 0;
    for (int i = 0; i < candidates.size(); i++) {
      float e = powers.power(candidates.value(i));
      if (e < sampling.minP()) {
        return i;
      }
      mass += e;
      if (sampling.topP() < 1 && mass >= share) {
        return i + 1;
      }
    }
    return candidates.size() + (sampling.topP() < 1 ? 1 : 0);
  }

  /** Draws among the first n candidates, in order of ids. */
  private int drawCandidate(int n, double uniform) {
    double share = uniform * mass(n);
    candidates.sortById(n);
    double below = 0;
    int token = -1;
    for (int i = 0; i < n && below <= share; i++) {
      float e = powers.power(candidates.value(i));
      if (e > 0) {
        token = candidates.id(i);
        below += e;
      }
    }
    return token;
  }
}
