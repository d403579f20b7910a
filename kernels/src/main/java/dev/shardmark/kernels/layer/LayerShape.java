package dev.shardmark.kernels.layer;

import dev.shardmark.kernels.Work;
import dev.shardmark.kernels.activation.ResidualAdd;
import dev.shardmark.kernels.activation.SwiGlu;
import dev.shardmark.kernels.attention.Attention;
import dev.shardmark.kernels.gemm.Gemm;
import dev.shardmark.kernels.kvcache.KvAppend;
import dev.shardmark.kernels.kvcache.KvStorage;
import dev.shardmark.kernels.moe.Combine;
import dev.shardmark.kernels.moe.Permutation;
import dev.shardmark.kernels.moe.Router;
import dev.shardmark.kernels.norm.RmsNorm;
import dev.shardmark.kernels.rope.Rope;
import java.util.EnumMap;
import java.util.Map;

/**
 * Dimensions of a layer, or of one rank's part of it, and of a step through it.
 *
 * @param sequences B, each with a cache of its own
 * @param tokens T, new tokens of each sequence
 * @param context S, tokens each cache holds before; 0 for a prompt, which attends to itself
 * @param hidden h
 * @param heads a
 * @param kvHeads g
 * @param headDim d, even
 * @param headNorm whether heads of queries and keys are normalised
 * @param width f, of the MLP or of an expert
 * @param experts E; 0 for an MLP that every token meets
 * @param topK K; 0 without experts
 * @throws IllegalArgumentException if a dimension is too small, or two do not go together
 */
public record LayerShape(
    int sequences,
    int tokens,
    int context,
    int hidden,
    int heads,
    int kvHeads,
    int headDim,
    boolean headNorm,
    int width,
    int experts,
    int topK) {
  /** So that flop, each pair times a few thousand, fit a long. */
  private static final long MOST_PAIRS = 1L << 40;

  public LayerShape {
    if (sequences < 1 || tokens < 1 || context < 0 || hidden < 1 || headDim < 1 || width < 1) {
      throw new IllegalArgumentException(
          "a layer must not be empty: sequences="
              + sequences
              + " tokens="
              + tokens
              + " context="
              + context
              + " hidden="
              + hidden
              + " headDim="
              + headDim
              + " width="
              + width);
    }
    long rows = (long) sequences * tokens;
    long keys = (long) context + tokens;
    if (rows * Math.max(1, topK) > Integer.MAX_VALUE || rows > MOST_PAIRS / keys) {
      throw new IllegalArgumentException(
          "rows times topK must be less than 2^31, and times keys at most 2^40: rows="
              + rows
              + " topK="
              + topK
              + " keys="
              + keys);
    }
    if (kvHeads < 1 || heads < 1 || heads % kvHeads != 0 || headDim % 2 != 0) {
      throw new IllegalArgumentException(
          "kvHeads must divide heads, and a head be even: heads="
              + heads
              + " kvHeads="
              + kvHeads
              + " headDim="
              + headDim);
    }
    if (experts < 0 || topK > experts || topK < Math.min(1, experts)) {
      throw new IllegalArgumentException(
          "topK must be in 1..experts, or 0 without: topK=" + topK + " experts=" + experts);
    }
  }

  /** R: rows of every product but those of experts. */
  public int rows() {
    return sequences * tokens;
  }

  /** Rows of the MLP's products, those of all experts together. */
  public int mlpRows() {
    return rows() * Math.max(1, topK);
  }

  /** Columns of queries, keys and values side by side. */
  public int qkvWidth() {
    return (heads + 2 * kvHeads) * headDim;
  }

  /** Bytes of all packed weights in fp32, without padding. */
  public long weightBytes() {
    long attention = (long) hidden * (qkvWidth() + heads * headDim);
    long mlp = 3L * hidden * width * Math.max(1, experts);
    return Float.BYTES * (attention + mlp + (long) hidden * experts);
  }

  /**
   * The work of each operation, in order.
   *
   * <p>Experts are counted as often as rows meet one if each token chose K of E at random: {@code E
   * (1 - (1 - K / E)^R)} have weights to read.
   */
  public Map<LayerOperation, Work> work() {
    long r = rows();
    long m = mlpRows();
    Map<LayerOperation, Work> work = new EnumMap<>(LayerOperation.class);
    Work copied = new Work(0, Float.BYTES * r * hidden);
    work.put(LayerOperation.INPUT_NORM, RmsNorm.work(r, hidden).plus(copied));
    work.put(LayerOperation.QKV, Gemm.work(r, qkvWidth(), hidden));
    if (headNorm) {
      work.put(LayerOperation.HEAD_NORM, RmsNorm.work(r * (heads + kvHeads), headDim));
    }
    work.put(LayerOperation.ROPE, Rope.work(r, heads + kvHeads, headDim / 2));
    work.put(LayerOperation.KV_APPEND, KvAppend.work(r, kvHeads, headDim, KvStorage.FP32));
    Work one = Attention.work(heads, kvHeads, tokens, context + tokens, headDim, true);
    work.put(LayerOperation.ATTENTION, new Work(sequences * one.flop(), sequences * one.bytes()));
    work.put(LayerOperation.O, Gemm.work(r, hidden, (long) heads * headDim));
    work.put(LayerOperation.MLP_NORM, RmsNorm.workWithResidual(r, hidden));
    if (experts > 0) {
      work.put(LayerOperation.ROUTER, Gemm.work(r, experts, hidden));
      work.put(LayerOperation.ROUTE, Router.work(MlpSteps.RULE, r, experts, topK));
      work.put(LayerOperation.PERMUTE, Permutation.work(r, topK, hidden));
      work.put(LayerOperation.COMBINE, Combine.work(r, topK, hidden));
    }
    work.put(LayerOperation.GATE_UP, expertWork(m, 2L * width, hidden));
    work.put(LayerOperation.SWIGLU, SwiGlu.work(m, width));
    work.put(LayerOperation.DOWN, expertWork(m, hidden, width));
    work.put(LayerOperation.RESIDUAL, ResidualAdd.work(r, hidden));
    return work;
  }

  /** The work of all operations. */
  public Work totalWork() {
    return work().values().stream().reduce(new Work(0, 0), Work::plus);
  }

  private Work expertWork(long m, long n, long k) {
    double chosen = experts == 0 ? 1 : (double) topK / experts;
    double met = Math.max(1, experts) * (1 - Math.pow(1 - chosen, rows()));
    return new Work(2 * m * n * k, 4 * m * (k + n) + Math.round(4 * met * k * n));
  }
}
