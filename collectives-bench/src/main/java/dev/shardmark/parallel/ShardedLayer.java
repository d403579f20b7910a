package dev.shardmark.parallel;

import dev.shardmark.kernels.Kernels;
import dev.shardmark.kernels.Matrix;
import dev.shardmark.kernels.Variant;
import dev.shardmark.kernels.activation.ResidualAdd;
import dev.shardmark.kernels.layer.LayerOperation;
import dev.shardmark.kernels.layer.TransformerLayer;
import dev.shardmark.kernels.norm.RmsNorm;

/**
 * A decoder layer as one of its ranks computes it: {@code r = x + attention(norm(x))}, {@code y = r
 * + mlp(norm(r))}, over the tokens this rank keeps.
 *
 * <p>What is split is up to the two {@link Sublayer}s. Norms and residual are those of the tokens
 * kept, and of all of these: what they cost is divided where tokens are, and nowhere else.
 *
 * <p><b>Error</b> that of its sums in the order in which ranks add them: {@link
 * dev.shardmark.parallel.oracle.OracleLayer} bounds it for any order.
 *
 * <p><b>Threading</b> as {@link Sublayer}; one instance per rank.
 */
public final class ShardedLayer {
  private final Matrix inputNorm;
  private final Matrix mlpNorm;
  private final Sublayer attention;
  private final Sublayer mlp;
  private final RmsNorm norm;
  private final ResidualAdd residualAdd;
  private final Meter meter;
  private final TokenBuffer normed;
  private final TokenBuffer added;

  /** A layer of this rank's sublayers, with the norms of {@code weights}. */
  public ShardedLayer(
      LayerSpec spec,
      LayerWeightSource weights,
      Sublayer attention,
      Sublayer mlp,
      Variant variant,
      Meter meter) {
    this.attention = attention;
    this.mlp = mlp;
    this.meter = meter;
    inputNorm = weights.norm(LayerWeightSource.Norm.INPUT, spec.hidden());
    mlpNorm = weights.norm(LayerWeightSource.Norm.MLP, spec.hidden());
    norm = Kernels.rmsNorm(variant);
    residualAdd = Kernels.residualAdd(variant);
    normed = new TokenBuffer(spec.hidden());
    added = new TokenBuffer(spec.hidden());
  }

  /** Replaces the tokens this rank keeps, (T, h), by what comes out of the layer. */
  public void run(Matrix x) {
    Matrix n = normed.rows(x.rows());
    Matrix a = added.rows(x.rows());
    long startNs = meter.now();
    norm.normalize(x, inputNorm, TransformerLayer.EPS, n);
    meter.computed(LayerOperation.INPUT_NORM, startNs);
    attention.apply(n, a);
    startNs = meter.now();
    norm.addAndNormalize(a, x, mlpNorm, TransformerLayer.EPS, n);
    meter.computed(LayerOperation.MLP_NORM, startNs);
    mlp.apply(n, a);
    startNs = meter.now();
    residualAdd.add(a, x);
    meter.computed(LayerOperation.RESIDUAL, startNs);
  }
}
