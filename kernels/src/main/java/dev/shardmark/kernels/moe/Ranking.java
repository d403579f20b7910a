package dev.shardmark.kernels.moe;

/**
 * Candidates by score, as far as floats can tell them apart: tells whether a choice of the best is
 * one that a right kernel can make.
 *
 * @param score in double
 * @param error how far off each score may be in float; 0 if exact
 * @param same whether two candidates have equal inputs, and so equal scores in float too
 */
record Ranking(double[] score, double[] error, Same same) {
  /** A relation of two candidates. */
  interface Same {
    boolean test(int a, int b);
  }

  /** Whether a must come before b: it is clearly better, or as good and lower. */
  boolean beats(int a, int b) {
    if (score[a] == score[b] && (error[a] + error[b] == 0 || same.test(a, b))) {
      return a < b;
    }
    return score[a] - score[b] > error[a] + error[b];
  }

  /**
   * Whether {@code count} candidates from {@code at} on are different ones, in order, and none of
   * {@code rivals} had to come before one of them.
   */
  boolean allows(int[] chosen, int at, int count, boolean[] rivals) {
    boolean[] taken = new boolean[score.length];
    for (int i = at; i < at + count; i++) {
      if (chosen[i] < 0 || chosen[i] >= score.length || taken[chosen[i]]) {
        return false;
      }
      taken[chosen[i]] = true;
      for (int before = at; before < i; before++) {
        if (beats(chosen[i], chosen[before])) {
          return false;
        }
      }
    }
    for (int rival = 0; rival < score.length; rival++) {
      for (int i = at; rivals[rival] && !taken[rival] && i < at + count; i++) {
        if (beats(rival, chosen[i])) {
          return false;
        }
      }
    }
    return true;
  }
}
