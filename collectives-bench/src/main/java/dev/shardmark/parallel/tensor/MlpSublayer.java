package dev.shardmark.parallel.tensor;

import dev.shardmark.kernels.Kernels;
import dev.shardmark.kernels.Matrix;
import dev.shardmark.kernels.Variant;
import dev.shardmark.kernels.activation.SwiGlu;
import dev.shardmark.kernels.layer.LayerOperation;
import dev.shardmark.model.Linear;
import dev.shardmark.parallel.ColumnView;
import dev.shardmark.parallel.LayerWeightSource;
import dev.shardmark.parallel.Meter;
import dev.shardmark.parallel.Projection;
import dev.shardmark.parallel.Sublayer;
import dev.shardmark.parallel.TokenBuffer;
import dev.shardmark.parallel.TokenExchange;

/**
 * A gated MLP of which each rank has a part of the width, {@code sum over ranks of down_r *
 * swiglu(gate_r * x, up_r * x)}.
 *
 * <p><b>Split</b> gate and up by columns, and each of the two by itself: a rank's half of the fused
 * matrix is not one run of its columns. Down by rows. 6 h f / t flop a token.
 *
 * <p><b>Cost</b> what the {@link TokenExchange} says once.
 *
 * <p><b>Source</b> M. Shoeybi et al., Megatron-LM, arXiv 1909.08053, 2019, section 3.
 */
public final class MlpSublayer implements Sublayer {
  private final TokenExchange exchange;
  private final Meter meter;
  private final Projection gateUp;
  private final Projection down;
  private final SwiGlu swiGlu;
  private final TokenBuffer both;
  private final TokenBuffer active;
  private final TokenBuffer partial;
  private final ColumnView gate;
  private final ColumnView up;

  /** The MLP of a layer without experts. */
  public MlpSublayer(
      TensorShard shard,
      LayerWeightSource weights,
      TokenExchange exchange,
      Variant variant,
      Meter meter) {
    this(
        shard.gateUp(weights, Linear.GATE_UP),
        shard.down(weights, Linear.DOWN),
        exchange,
        variant,
        meter);
  }

  /**
   * An MLP, or an expert that every token meets.
   *
   * @param gateUp (h, 2 w), this rank's gates beside its ups
   * @param down (w, h)
   */
  public MlpSublayer(
      Matrix gateUp, Matrix down, TokenExchange exchange, Variant variant, Meter meter) {
    this.exchange = exchange;
    this.meter = meter;
    this.gateUp = new Projection(LayerOperation.GATE_UP, gateUp, variant, meter);
    this.down = new Projection(LayerOperation.DOWN, down, variant, meter);
    swiGlu = Kernels.swiGlu(variant);
    int width = down.rows();
    both = new TokenBuffer(2 * width);
    active = new TokenBuffer(width);
    partial = new TokenBuffer(down.cols());
    gate = new ColumnView(0, width);
    up = new ColumnView(width, width);
  }

  @Override
  public void apply(Matrix normed, Matrix added) {
    Matrix tokens = exchange.enter(normed);
    Matrix sum = tokens.rows() == added.rows() ? added : partial.rows(tokens.rows());
    addUp(tokens, sum);
    exchange.leave(sum, added);
  }

  /** This rank's part of the sum, (T, h), for tokens (T, h); nothing is said. */
  public void addUp(Matrix tokens, Matrix sum) {
    Matrix fused = both.rows(tokens.rows());
    Matrix product = active.rows(tokens.rows());
    gateUp.apply(tokens, fused);
    long startNs = meter.now();
    swiGlu.apply(gate.of(fused), up.of(fused), product);
    meter.computed(LayerOperation.SWIGLU, startNs);
    down.apply(product, sum);
  }
}
