package dev.shardmark.kernels.attention;

import dev.shardmark.kernels.Matrix;
import dev.shardmark.kernels.Work;

/**
 * Scaled dot-product attention, {@code O = softmax(scale * Q * K^T) * V} for every head.
 *
 * <p><b>Shapes</b> Q and O are (T, H, D), K and V (S, G, D), lse is (T, H). H is a multiple of G: H
 * / G query heads in a row share a head of K and V (grouped queries; G = 1 is multi-query). O and
 * lse must not overlap the inputs.
 *
 * <p><b>Mask</b> causal lets query i see the keys {@code j <= i + S - T}: the last query sees every
 * key, as when the last T of S tokens are new. {@link #visible} counts them.
 *
 * <p><b>Edge cases</b> every dimension may be 0. A query that sees no key gets O = 0 and lse =
 * -inf, without any NaN. O and lse are written and never read, so they may hold NaN. Inputs are
 * finite, and so is every score: a NaN or an infinity may spoil the results of all queries of its
 * head, and with a mask also those of queries that do not see it.
 *
 * <p><b>Error</b> with u = 2^-24, g(r) = r u / (1 - r u), p the exact weights of one query over its
 * n visible keys, m the largest score, {@code A_j = |scale| |Q| |K_j|} and r = n / 16 + 2, barring
 * overflow:
 *
 * <pre>
 * l_j = g(D + 1) A_j + u (m - s_j + g(D + 1) (A_j + max A)) + (r + 1) 2 u + g(n + 2 r)
 * e_j = exp(l_j) - 1,   z = sum_j p_j e_j
 * |O_d - exact|  <= (sum_j p_j e_j |V_jd| + z |O_d|) / (1 - z) (1 + 2 u) + 2 u |O_d|
 * |lse - exact|  <= -log(1 - z) + u (|lse| + |m|)
 * </pre>
 *
 * <p>l_j bounds the relative error of the weight of key j: its score is a dot product of D terms
 * and one scaling (Higham 2002, section 3.1); the subtraction of a maximum rounds, and over all
 * maxima a kernel goes through these roundings add up to {@code u (m - s_j)} because maxima only
 * grow; each exp is within 2 u of its result; a kernel takes a new maximum at most once for 16
 * keys, r times in all with one exp and one product each; sums have n terms. O is a quotient of two
 * such sums. Weights below 2^-126 may be flushed to zero, which adds at most {@code (r + 1) n
 * 2^-125 (max_j |V_jd| + |O_d|)} to O and {@code (r + 1) n 2^-125} to lse.
 *
 * <p><b>Work</b> {@link #work}: 4 D flop for each visible pair and head; Q, K and V read once and O
 * written once. The exp and lse are not counted.
 *
 * <p><b>Threading</b> one thread, one instance per rank: an instance may own scratch.
 *
 * <p><b>Source</b> A. Vaswani et al., Attention Is All You Need, 2017, section 3.2.1; grouped
 * queries: J. Ainslie et al., GQA, 2023; the running maximum: M. Milakov and N. Gimelshein, Online
 * normalizer calculation for softmax, 2018.
 */
public interface Attention {
  /**
   * Attends.
   *
   * @param lse where the log of the sum of the exps of the scores of (query, head) goes
   * @throws IllegalArgumentException if the shapes disagree
   */
  void attend(float scale, boolean causal, Heads q, Heads k, Heads v, Heads o, Matrix lse);

  /** How many keys query i sees; they are the first ones. */
  static int visible(int i, int tokens, int kvTokens, boolean causal) {
    return causal ? (int) Math.max(0, i + 1L + kvTokens - tokens) : kvTokens;
  }

  /** Pairs of a query and a key it sees, of one head. */
  static long visiblePairs(long tokens, long kvTokens, boolean causal) {
    if (!causal) {
      return tokens * kvTokens;
    }
    long seeing = Math.min(tokens, kvTokens); // the last of these sees kvTokens, the one before one
    return seeing * kvTokens - seeing * (seeing - 1) / 2; // less, and so on
  }

  /** The work of one call. */
  static Work work(
      long heads, long kvHeads, long tokens, long kvTokens, long headDim, boolean causal) {
    return work(heads, kvHeads, tokens, kvTokens, headDim, causal, Float.BYTES);
  }

  /** The work of one call over K and V whose elements take {@code kvElementBytes}. */
  static Work work(
      long heads,
      long kvHeads,
      long tokens,
      long kvTokens,
      long headDim,
      boolean causal,
      int kvElementBytes) {
    return new Work(
        4 * heads * visiblePairs(tokens, kvTokens, causal) * headDim,
        2 * headDim * (Float.BYTES * heads * tokens + kvElementBytes * kvHeads * kvTokens));
  }

  /**
   * Merges the result over other keys into the result over some: O and lse become those over both.
   *
   * <p>{@code O = (w O + w' O') / (w + w')} with {@code w = exp(lse - max)}, as a ring passes K and
   * V on or a long K is cut into parts. A part without visible keys, lse = -inf, changes nothing.
   * Weights are computed in double; the errors of the two lse, L and L', change them by at most
   * {@code exp(L + L') - 1}, and O is rounded three times.
   *
   * @throws IllegalArgumentException if the shapes disagree
   */
  static void merge(Heads o, Matrix lse, Heads otherO, Matrix otherLse) {
    Merging.merge(o, lse, otherO, otherLse);
  }

  /** Checks that the operands fit together. */
  static void checkShapes(Heads q, Heads k, Heads v, Heads o, Matrix lse) {
    boolean queries = sameShape(q, o) && lse.rows() == q.tokens() && lse.cols() == q.heads();
    boolean keys = sameShape(k, v) && k.headDim() == q.headDim();
    boolean groups = k.heads() == 0 ? q.heads() == 0 : q.heads() % k.heads() == 0;
    if (!queries || !keys || !groups) {
      throw new IllegalArgumentException(
          "shapes disagree: Q is "
              + q.shape()
              + ", K is "
              + k.shape()
              + ", V is "
              + v.shape()
              + ", O is "
              + o.shape()
              + ", lse is "
              + lse.rows()
              + "x"
              + lse.cols());
    }
  }

  private static boolean sameShape(Heads a, Heads b) {
    return a.tokens() == b.tokens() && a.heads() == b.heads() && a.headDim() == b.headDim();
  }
}
