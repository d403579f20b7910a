package dev.shardmark.parallel.tensor;

import dev.shardmark.kernels.Kernels;
import dev.shardmark.kernels.Matrix;
import dev.shardmark.kernels.Variant;
import dev.shardmark.kernels.layer.LayerOperation;
import dev.shardmark.kernels.layer.TransformerLayer;
import dev.shardmark.kernels.norm.RmsNorm;
import dev.shardmark.kernels.rope.Rope;
import dev.shardmark.kernels.rope.RopeLayout;
import dev.shardmark.kernels.rope.RopeTable;
import dev.shardmark.parallel.AttentionCore;
import dev.shardmark.parallel.LayerSpec;
import dev.shardmark.parallel.Meter;
import dev.shardmark.parallel.Projection;
import dev.shardmark.parallel.Sublayer;
import dev.shardmark.parallel.TokenBuffer;
import dev.shardmark.parallel.TokenExchange;
import dev.shardmark.parallel.Tokens;

/**
 * Attention of which each rank has some heads, {@code sum over ranks of O_r * core(rope(QKV_r *
 * x))}.
 *
 * <p><b>Split</b> queries, keys and values by columns, a head never; the output projection by the
 * rows of the same heads. (2 h d (2 a + 2 k) + attention) / t flop a token, until k / t falls below
 * 1 and key and value heads are computed by more than one rank.
 *
 * <p>Queries, keys and values stay where their product left them, side by side in a row. Where keys
 * of other tokens come from is up to the {@link AttentionCore}.
 *
 * <p><b>Cost</b> what the {@link TokenExchange} and the core say.
 *
 * <p><b>Source</b> M. Shoeybi et al., Megatron-LM, arXiv 1909.08053, 2019, section 3.
 */
public final class AttentionSublayer implements Sublayer {
  private final TensorShard shard;
  private final AttentionCore core;
  private final TokenExchange exchange;
  private final RopeTable angles;
  private final Meter meter;
  private final Projection qkv;
  private final Projection o;
  private final Rope rope;
  private final RmsNorm norm;
  private final Matrix queryNorm;
  private final Matrix keyNorm;
  private final TokenBuffer fusedRows;
  private final TokenBuffer mixedRows;
  private final TokenBuffer partial;
  private HeadViews views;

  /**
   * Attention of this rank's heads.
   *
   * @param tokens of the rank's linears: those it gathers; to be changed by {@link #place}
   * @param angles of at least as many positions as tokens will have, for whole heads: see {@link
   *     #angles}
   */
  public AttentionSublayer(
      TensorShard shard,
      AttentionWeights weights,
      Tokens tokens,
      RopeTable angles,
      AttentionCore core,
      TokenExchange exchange,
      Variant variant,
      Meter meter) {
    LayerSpec spec = shard.spec();
    this.shard = shard;
    this.core = core;
    this.exchange = exchange;
    this.angles = angles;
    this.meter = meter;
    qkv = new Projection(LayerOperation.QKV, weights.qkv(), variant, meter);
    o = new Projection(LayerOperation.O, weights.o(), variant, meter);
    rope = Kernels.rope(variant, RopeLayout.HALF_SPLIT);
    norm = Kernels.rmsNorm(variant);
    queryNorm = weights.queryNorm();
    keyNorm = weights.keyNorm();
    fusedRows = new TokenBuffer(shard.qkvWidth());
    mixedRows = new TokenBuffer(shard.heads() * spec.headDim());
    partial = new TokenBuffer(spec.hidden());
    place(tokens);
  }

  /** The rotary angles of so many positions of heads like these. */
  public static RopeTable angles(LayerSpec spec, int positions) {
    return RopeTable.of(positions, spec.headDim(), TransformerLayer.ROPE_BASE);
  }

  /** Lets the next steps be of other sequences; allocates views of them. */
  public void place(Tokens tokens) {
    views =
        new HeadViews(shard, tokens, fusedRows.rows(tokens.rows()), mixedRows.rows(tokens.rows()));
  }

  /**
   * {@inheritDoc}
   *
   * @throws IllegalArgumentException if there are not as many tokens as were placed
   */
  @Override
  public void apply(Matrix normed, Matrix added) {
    Matrix tokens = exchange.enter(normed);
    int rows = views.tokens().rows();
    if (tokens.rows() != rows) {
      throw new IllegalArgumentException(
          "linears must have the tokens that were placed: tokens="
              + tokens.rows()
              + " placed="
              + rows);
    }
    qkv.apply(tokens, views.fused());
    if (queryNorm != null) {
      normalizeHeads();
    }
    long startNs = meter.now();
    rope.rotate(views.turned(), shard.spec().headDim(), views.tokens().positions(), angles);
    meter.computed(LayerOperation.ROPE, startNs);
    core.attend(views.q(), views.k(), views.v(), views.o());
    Matrix sum = rows == added.rows() ? added : partial.rows(rows);
    o.apply(views.mixed(), sum);
    exchange.leave(sum, added);
  }

  private void normalizeHeads() {
    long startNs = meter.now();
    for (Matrix queries : views.queriesOfRows()) {
      norm.normalize(queries, queryNorm, TransformerLayer.EPS, queries);
    }
    for (Matrix keys : views.keysOfRows()) {
      norm.normalize(keys, keyNorm, TransformerLayer.EPS, keys);
    }
    meter.computed(LayerOperation.HEAD_NORM, startNs);
  }
}
