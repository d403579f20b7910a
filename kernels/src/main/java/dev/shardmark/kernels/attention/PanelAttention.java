package dev.shardmark.kernels.attention;

import static dev.shardmark.kernels.AlignedFloats.START;
import static dev.shardmark.kernels.Species.F;
import static dev.shardmark.kernels.Species.LANES;
import static dev.shardmark.kernels.gemm.MicroKernel.KC;
import static dev.shardmark.kernels.gemm.MicroKernel.NR;

import dev.shardmark.kernels.AlignedFloats;
import dev.shardmark.kernels.Matrix;
import dev.shardmark.kernels.gemm.MicroKernel;
import dev.shardmark.kernels.gemm.MicroKernel1x2;
import dev.shardmark.kernels.gemm.MicroKernel2x2;
import dev.shardmark.kernels.gemm.MicroKernel4x2;
import dev.shardmark.kernels.math.VectorExp;
import java.util.Arrays;
import jdk.incubator.vector.FloatVector;

/**
 * Some queries of one head of K and V, and what they have seen so far: a running maximum, the sum
 * of the weights and the weighted sum of the values.
 *
 * <p>Both products run on the register tile of {@link MicroKernel}. Queries, and then their
 * weights, are the narrow side; a row is a token and one head of the group. K is wide with a lane a
 * key, so that no score is reduced across lanes, and V with a lane a dimension. Keys come in blocks
 * of at most {@link MicroKernel#KC}. A tile that no row sees is skipped.
 *
 * <p>Scratch grows to the largest call.
 *
 * <p>After T. Dao et al., FlashAttention, 2022, and T. Dao, FlashAttention-2, 2023.
 */
final class PanelAttention {
  private final MicroKernel many = MicroKernel.best();
  private final MicroKernel one = new MicroKernel1x2();
  private final MicroKernel two = new MicroKernel2x2();
  private final MicroKernel few = new MicroKernel4x2();
  private MicroKernel kernel;
  private int mr;
  private int firstToken;
  private int firstHead;
  private int group;
  private int rows;
  private int panels;
  private int dim;
  private int strips;
  private float[][] queries = new float[0][];
  private float[][] weights = new float[0][];
  private float[] scores = new float[0];
  private float[] sums = new float[0];
  private float[] max = new float[0];
  private float[] total = new float[0];
  private final float[] lanes = new float[LANES];
  private int[] visible = new int[0];

  /** Panels of K for the same keys: a head may have more elements than a panel has steps. */
  static int depths(int dim) {
    return Math.ceilDiv(dim, KC);
  }

  /** Strips of V. */
  static int strips(int dim) {
    return Math.ceilDiv(dim, NR);
  }

  /**
   * Takes {@code tokens} queries of each head of a group out of Q.
   *
   * @param bf16 whether keys and values will be of bf16
   */
  void start(
      boolean bf16,
      float scale,
      boolean causal,
      Heads q,
      int firstToken,
      int tokens,
      int kvHead,
      int kvHeads,
      int kvTokens) {
    this.firstToken = firstToken;
    group = q.heads() / kvHeads;
    firstHead = kvHead * group;
    rows = Math.multiplyExact(tokens, group);
    kernel = kernel(bf16);
    mr = kernel.rows();
    panels = Math.ceilDiv(rows, mr);
    dim = q.headDim();
    strips = strips(dim);
    grow();
    for (int row = 0; row < rows; row++) {
      int from = q.index(token(row), head(row));
      for (int d = 0; d < dim; d++) {
        queries[d / KC * panels + row / mr][at(row) + d % KC] = scale * q.data()[from + d];
      }
      visible[row] = Attention.visible(token(row), q.tokens(), kvTokens, causal);
    }
    Arrays.fill(max, 0, rows, -Float.MAX_VALUE); // finite: its difference to -infinity is no NaN
    Arrays.fill(total, 0, rows, 0);
    Arrays.fill(sums, START, START + strips * panels * mr * NR, 0);
  }

  /**
   * A tile of no more rows than there are: few rows wait for memory, which has the more lines on
   * their way the fewer instructions the tile has for each. Of bf16 there are fewer tiles.
   */
  private MicroKernel kernel(boolean bf16) {
    if (rows == 1) {
      return one;
    }
    if (rows == 2 && !bf16) {
      return two;
    }
    return bf16 || rows <= 2 * few.rows() && rows != many.rows() ? few : many;
  }

  private int token(int row) {
    return firstToken + row / group;
  }

  private int head(int row) {
    return firstHead + row % group;
  }

  /** Where a row starts in its narrow panel. */
  private int at(int row) {
    return START + row % mr * KC;
  }

  private void grow() {
    queries = grown(queries, panels * depths(dim));
    weights = grown(weights, panels);
    scores = grown(scores, Math.multiplyExact(panels, mr * KC));
    sums = grown(sums, Math.multiplyExact(panels, strips * mr * NR));
    if (visible.length < rows) {
      max = new float[rows];
      total = new float[rows];
      visible = new int[rows];
    }
  }

  private float[][] grown(float[][] panels, int count) {
    if (panels.length >= count) {
      return panels;
    }
    float[][] more = Arrays.copyOf(panels, count);
    for (int i = panels.length; i < count; i++) {
      more[i] = AlignedFloats.allocate((long) many.rows() * KC);
    }
    return more;
  }

  private static float[] grown(float[] scratch, int length) {
    return scratch.length >= START + length ? scratch : AlignedFloats.allocate(length);
  }

  /**
   * Attends to the keys {@code first + from} up to {@code first + to} of a block.
   *
   * @param first the key that is the block's key 0
   * @param to at most {@link MicroKernel#KC}
   * @param k panels of NR keys each, from {@code firstPanel} on: {@link #depths} of the first keys,
   *     then those of the next; [element][key]
   * @param v strips of NR elements each, from {@code firstStrip} on: [key][element]
   */
  void keys(
      int first, int from, int to, WidePanels k, int firstPanel, WidePanels v, int firstStrip) {
    int wide = Math.ceilDiv(to, NR);
    Arrays.fill(scores, START, START + wide * panels * mr * NR, 0);
    for (int w = from / NR; w < wide; w++) {
      score(first, to, w, k, firstPanel + w * depths(dim));
    }
    for (int row = 0; row < rows; row++) {
      weigh(row, from, seen(row, first, to), seenByPanel(row / mr, first, to));
    }
    for (int s = 0; s < strips; s++) {
      for (int i = 0; i < panels; i++) {
        int keys = seenByPanel(i, first, to);
        if (keys > from) {
          v.run(kernel, keys, weights[i], firstStrip + s, sums, tile(s, i));
        }
      }
    }
  }

  /** Keys of the block that a row sees: the first ones. */
  private int seen(int row, int first, int to) {
    return Math.clamp(visible[row] - (long) first, 0, to);
  }

  /** Keys of the block that a row of a panel sees: its last row sees most. */
  private int seenByPanel(int panel, int first, int to) {
    return seen(Math.min(rows, (panel + 1) * mr) - 1, first, to);
  }

  private int tile(int wide, int narrow) {
    return START + (wide * panels + narrow) * mr * NR;
  }

  private void score(int first, int to, int w, WidePanels k, int panel) {
    for (int d = 0; d < dim; d += KC, panel++) {
      int steps = Math.min(KC, dim - d);
      for (int i = 0; i < panels; i++) {
        if (seenByPanel(i, first, to) > w * NR) {
          k.run(kernel, steps, queries[d / KC * panels + i], panel, scores, tile(w, i));
        }
      }
    }
  }

  /** Turns the scores of keys {@code from} up to {@code seen} into weights, all others into 0. */
  private void weigh(int row, int from, int seen, int seenByPanel) {
    float[] weight = weights[row / mr];
    int at = at(row);
    if (seen <= from) {
      Arrays.fill(weight, at, at + seenByPanel, 0);
      return;
    }
    int wide = Math.ceilDiv(seenByPanel, NR);
    for (int w = from / NR; w < wide; w++) {
      int score = tile(w, row / mr) + row % mr * NR;
      FloatVector.fromArray(F, scores, score).intoArray(weight, at + w * NR);
      FloatVector.fromArray(F, scores, score + LANES).intoArray(weight, at + w * NR + LANES);
    }
    Arrays.fill(weight, at, at + from, Float.NEGATIVE_INFINITY);
    Arrays.fill(weight, at + seen, at + wide * NR, Float.NEGATIVE_INFINITY);
    float now = Scores.largest(max[row], weight, at, wide * NR);
    float factor = now == max[row] ? 1 : VectorExp.exp(max[row] - now);
    float sum = VectorExp.row(1, weight, at, now, weight, at, wide * NR, lanes);
    total[row] = total[row] * factor + sum;
    max[row] = now;
    if (factor != 1) {
      for (int s = 0; s < strips; s++) {
        int to = tile(s, row / mr) + row % mr * NR;
        FloatVector.fromArray(F, sums, to).mul(factor).intoArray(sums, to);
        FloatVector.fromArray(F, sums, to + LANES).mul(factor).intoArray(sums, to + LANES);
      }
    }
  }

  /** Writes O and lse of every query. */
  void store(Heads o, Matrix lse) {
    for (int row = 0; row < rows; row++) {
      boolean blind = total[row] == 0;
      float inverse = blind ? 0 : 1 / total[row];
      int to = o.index(token(row), head(row));
      for (int d = 0; d < dim; d++) {
        int from = tile(d / NR, row / mr) + row % mr * NR + d % NR;
        o.data()[to + d] = sums[from] * inverse;
      }
      lse.data()[lse.offset() + token(row) * lse.rowStride() + head(row)] =
          blind ? Float.NEGATIVE_INFINITY : (float) (max[row] + Math.log(total[row]));
    }
  }
}
