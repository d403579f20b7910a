package dev.shardmark.parallel.sweep;

import dev.shardmark.kernels.Work;
import dev.shardmark.kernels.activation.ResidualAdd;
import dev.shardmark.kernels.activation.SwiGlu;
import dev.shardmark.kernels.attention.Attention;
import dev.shardmark.kernels.gemm.Gemm;
import dev.shardmark.kernels.moe.Combine;
import dev.shardmark.kernels.moe.Permutation;
import dev.shardmark.kernels.norm.RmsNorm;
import dev.shardmark.kernels.rope.Rope;
import dev.shardmark.parallel.LayerSpec;

/**
 * What parts of a layer compute, by the formulas of their kernels, for the heads, widths, experts
 * and tokens that a rank has.
 */
record ShardWork(LayerSpec spec) {
  static final Work NONE = new Work(0, 0);

  /** Queries, keys, values and the output of attention, and rotary positions. */
  Work projections(int heads, int kvHeads, int rows) {
    int d = spec.headDim();
    return Gemm.work(rows, (heads + 2L * kvHeads) * d, spec.hidden())
        .plus(Rope.work(rows, heads + kvHeads, d / 2))
        .plus(Gemm.work(rows, spec.hidden(), (long) heads * d));
  }

  /** Causal attention of the last {@code tokens} of {@code keys} of each sequence. */
  Work attention(int heads, int kvHeads, int sequences, int tokens, int keys) {
    Work one = Attention.work(heads, kvHeads, tokens, keys, spec.headDim(), true);
    return new Work(sequences * one.flop(), sequences * one.bytes());
  }

  /** Attention over pairs of a query and a key of one head, with all keys of a sequence read. */
  Work attention(int heads, int kvHeads, long pairs, int queries, int keys) {
    Work all = Attention.work(heads, kvHeads, queries, keys, spec.headDim(), false);
    return new Work(4L * heads * pairs * spec.headDim(), all.bytes());
  }

  /** The MLP, or the shared expert, of this width. */
  Work mlp(int width, int rows) {
    if (width == 0) {
      return NONE;
    }
    return Gemm.work(rows, 2L * width, spec.hidden())
        .plus(SwiGlu.work(rows, width))
        .plus(Gemm.work(rows, spec.hidden(), width));
  }

  /**
   * Routed experts of a rank, if every token chose K of E at random: rows are those expected, and
   * so are experts that have rows, {@code held (1 - (1 - K / E)^tokens)}.
   *
   * @param held experts the rank holds, of this width
   * @param rows that come to the rank
   * @param own tokens that the rank routes
   * @param tokens of all ranks that send rows here
   */
  Work experts(int held, int width, long rows, int own, int tokens) {
    long h = spec.hidden();
    double used = held * (1 - Math.pow(1 - (double) spec.topK() / spec.experts(), tokens));
    long weights = Math.round(used * 3 * h * width);
    Work products =
        new Work(
            2 * rows * 3 * h * width,
            Float.BYTES * (rows * (h + 2L * width) + rows * (width + h) + weights));
    return Gemm.work(own, spec.experts(), h)
        .plus(Permutation.work(own, spec.topK(), spec.hidden()))
        .plus(products)
        .plus(SwiGlu.work(rows, width))
        .plus(Combine.work(own, spec.topK(), spec.hidden()));
  }

  /** Both norms and both residual additions, of the tokens a rank keeps. */
  Work norms(int rows) {
    int h = spec.hidden();
    return RmsNorm.work(rows, h)
        .plus(RmsNorm.workWithResidual(rows, h))
        .plus(ResidualAdd.work(rows, h));
  }

  /** The whole layer behind attention's part, for tokens whose experts are all here. */
  Work wholeMlp(int rows) {
    if (spec.experts() == 0) {
      return mlp(spec.width(), rows);
    }
    long routed = (long) rows * spec.topK();
    return experts(spec.experts(), spec.width(), routed, rows, rows)
        .plus(mlp(spec.sharedWidth(), rows));
  }
}
