package dev.shardmark.parallel.oracle;

import dev.shardmark.kernels.Matrix;
import dev.shardmark.kernels.layer.Bounded;
import dev.shardmark.kernels.layer.TransformerLayer;
import dev.shardmark.model.Linear;
import dev.shardmark.parallel.AttentionCore;
import dev.shardmark.parallel.LayerSpec;
import dev.shardmark.parallel.LayerWeightSource;
import dev.shardmark.parallel.Tokens;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/**
 * A whole layer in double, straight from its formulas, and how far float kernels may be off it, on
 * one rank or many.
 *
 * <p><b>Shapes</b> x is (T, h), the tokens of {@link Tokens} row by row. A token sees those of its
 * sequence whose positions are not beyond its own, and all that its sequence has cached.
 *
 * <p><b>Error</b> each operation passes on the bounds of its operands and adds that of its kernel's
 * contract, see {@link Bounded}. Sums are bounded in any order, so that it holds for the partial
 * sums of ranks as well; experts of a token, the shared one included, are one sum. Attention may be
 * put together from {@link #inParts parts}.
 */
public final class OracleLayer {
  private final LayerSpec spec;
  private final Weights weights;
  private final OracleRouting routing;
  private final int parts;

  /** Matrices of the layer; lists have one of each expert, or that of the MLP. */
  private record Weights(
      Matrix inputNorm,
      Matrix qkv,
      Matrix queryNorm,
      Matrix keyNorm,
      Matrix o,
      Matrix mlpNorm,
      Matrix router,
      List<Matrix> gateUp,
      List<Matrix> down,
      Matrix sharedGateUp,
      Matrix sharedDown) {}

  /**
   * What comes out at each place of a layer, (T, h) each.
   *
   * @param attention what attention adds
   * @param residual x and that
   * @param normed what the MLP or the experts get
   * @param mlp what they add
   * @param output of the layer
   */
  public record Result(
      Bounded attention, Bounded residual, Bounded normed, Bounded mlp, Bounded output) {}

  /** A layer whose experts are chosen by its rule. */
  public OracleLayer(LayerSpec spec, LayerWeightSource source) {
    this(spec, weights(spec, source), ruled(spec), 1);
  }

  private OracleLayer(LayerSpec spec, Weights weights, OracleRouting routing, int parts) {
    this.spec = spec;
    this.weights = weights;
    this.routing = routing;
    this.parts = parts;
  }

  /** The same layer with another choice of experts. */
  public OracleLayer routed(OracleRouting other) {
    return new OracleLayer(spec, weights, other, parts);
  }

  /** The same layer where attention over keys is merged from at most so many parts. */
  public OracleLayer inParts(int most) {
    return new OracleLayer(spec, weights, routing, most);
  }

  private static OracleRouting ruled(LayerSpec spec) {
    return spec.experts() == 0 ? null : OracleRouting.byRule(spec.rule(), spec.topK());
  }

  private static Weights weights(LayerSpec s, LayerWeightSource from) {
    boolean dense = s.experts() == 0;
    int h = s.hidden();
    int f = s.width();
    int shared = s.sharedWidth();
    Linear gateUp = dense ? Linear.GATE_UP : Linear.EXPERT_GATE_UP;
    Linear down = dense ? Linear.DOWN : Linear.EXPERT_DOWN;
    int count = Math.max(1, s.experts());
    return new Weights(
        from.norm(LayerWeightSource.Norm.INPUT, h),
        from.whole(Linear.QKV, 0, h, s.qkvWidth()),
        s.headNorm() ? from.norm(LayerWeightSource.Norm.QUERY, s.headDim()) : null,
        s.headNorm() ? from.norm(LayerWeightSource.Norm.KEY, s.headDim()) : null,
        from.whole(Linear.O, 0, s.heads() * s.headDim(), h),
        from.norm(LayerWeightSource.Norm.MLP, h),
        dense ? null : from.whole(Linear.ROUTER, 0, h, s.experts()),
        IntStream.range(0, count).mapToObj(e -> from.whole(gateUp, e, h, 2 * f)).toList(),
        IntStream.range(0, count).mapToObj(e -> from.whole(down, e, f, h)).toList(),
        shared == 0 ? null : from.whole(Linear.SHARED_GATE_UP, 0, h, 2 * shared),
        shared == 0 ? null : from.whole(Linear.SHARED_DOWN, 0, shared, h));
  }

  /** The layer over prompts, or over whole sequences. */
  public Result run(Matrix x, Tokens tokens) {
    return run(Bounded.of(x), tokens, List.of());
  }

  /**
   * The layer over what a layer before may have left, and behind what is cached.
   *
   * @param cached of each sequence, or none at all
   */
  public Result run(Bounded x, Tokens tokens, List<CachedTokens> cached) {
    Bounded attention =
        attention(x.normed(weights.inputNorm, TransformerLayer.EPS), tokens, cached);
    Bounded residual = x.plus(attention);
    Bounded normed = residual.normed(weights.mlpNorm, TransformerLayer.EPS);
    Bounded mlp = mlp(normed);
    return new Result(attention, residual, normed, mlp, residual.plus(mlp));
  }

  /** What attention adds for tokens that are normalised. */
  public Bounded attention(Bounded normed, Tokens tokens, List<CachedTokens> cached) {
    Bounded qkv = normed.times(weights.qkv);
    int d = spec.headDim();
    for (int i = 0; i < tokens.rows(); i++) {
      for (int h = 0; h < spec.heads() + spec.kvHeads(); h++) {
        Bounded head = qkv.part(i, h * d, d);
        if (spec.headNorm()) {
          Matrix norm = h < spec.heads() ? weights.queryNorm : weights.keyNorm;
          head = head.normed(norm, TransformerLayer.EPS);
        }
        qkv.put(i, h * d, head.turned(tokens.positions()[i], TransformerLayer.ROPE_BASE));
      }
    }
    Bounded mixed = Bounded.zeros(tokens.rows(), spec.heads() * d);
    for (int i = 0; i < tokens.rows(); i++) {
      int sequence = tokens.sequenceOf(i);
      CachedTokens before = cached.isEmpty() ? null : cached.get(sequence);
      int[] seen = seen(tokens, i, sequence);
      for (int h = 0; h < spec.heads(); h++) {
        int key = spec.heads() + h / spec.group();
        Bounded k = keys(qkv, before == null ? null : before.keys(), seen, h / spec.group(), key);
        int value = key + spec.kvHeads();
        Bounded v =
            keys(qkv, before == null ? null : before.values(), seen, h / spec.group(), value);
        Bounded q = qkv.part(i, h * d, d);
        mixed.put(i, h * d, Bounded.attended(q, k, v, AttentionCore.scale(d), parts));
      }
    }
    return mixed.times(weights.o);
  }

  private static int[] seen(Tokens tokens, int row, int sequence) {
    return IntStream.range(tokens.firstRow(sequence), tokens.firstRow(sequence + 1))
        .filter(j -> tokens.positions()[j] <= tokens.positions()[row])
        .toArray();
  }

  /** Keys or values: what is cached of a head, then a head of the rows that are seen. */
  private Bounded keys(Bounded qkv, Matrix cached, int[] seen, int cachedHead, int head) {
    int d = spec.headDim();
    int before = cached == null ? 0 : cached.rows();
    Bounded all = Bounded.zeros(before + seen.length, d);
    for (int j = 0; j < before; j++) {
      for (int e = 0; e < d; e++) {
        all.value()[j * d + e] = cached.at(j, cachedHead * d + e);
      }
    }
    for (int j = 0; j < seen.length; j++) {
      all.put(before + j, 0, qkv.part(seen[j], head * d, d));
    }
    return all;
  }

  /** What the MLP, or experts, add for tokens that are normalised. */
  public Bounded mlp(Bounded normed) {
    if (spec.experts() == 0) {
      return normed.times(weights.gateUp.get(0)).swiGlu().times(weights.down.get(0));
    }
    Bounded logits = logits(normed);
    Bounded y = Bounded.zeros(normed.rows(), spec.hidden());
    for (int i = 0; i < normed.rows(); i++) {
      Bounded chosen = routing.weights(i, logits.rows(i));
      y.put(i, 0, experts(normed.rows(i), chosen));
    }
    return y;
  }

  /** The logits of a router, (T, E). */
  public Bounded logits(Bounded normed) {
    return normed.times(weights.router);
  }

  private Bounded experts(Bounded token, Bounded chosen) {
    List<Bounded> active = new ArrayList<>();
    List<Matrix> down = new ArrayList<>();
    for (int e = 0; e < spec.experts(); e++) {
      double weight = chosen.value()[e];
      if (weight != 0) {
        double relative = chosen.bound()[e] / weight;
        active.add(token.times(weights.gateUp.get(e)).swiGlu().scaled(weight, relative));
        down.add(weights.down.get(e));
      }
    }
    if (spec.sharedWidth() > 0) {
      active.add(token.times(weights.sharedGateUp).swiGlu());
      down.add(weights.sharedDown);
    }
    return active.isEmpty() ? Bounded.zeros(1, spec.hidden()) : Bounded.sumOfProducts(active, down);
  }
}
