package dev.shardmark.parallel.oracle;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.shardmark.kernels.Matrix;
import dev.shardmark.kernels.Variant;
import dev.shardmark.kernels.layer.Bounded;
import dev.shardmark.kernels.moe.Routing;
import dev.shardmark.kernels.moe.RoutingRule;
import dev.shardmark.kernels.moe.Scoring;
import dev.shardmark.parallel.Inputs;
import dev.shardmark.parallel.LayerSpec;
import dev.shardmark.parallel.LayerWeightSource;
import dev.shardmark.parallel.Meter;
import dev.shardmark.parallel.PromptCore;
import dev.shardmark.parallel.ShardedLayer;
import dev.shardmark.parallel.Sublayer;
import dev.shardmark.parallel.Tokens;
import dev.shardmark.parallel.tensor.Alone;
import dev.shardmark.parallel.tensor.AttentionSublayer;
import dev.shardmark.parallel.tensor.AttentionWeights;
import dev.shardmark.parallel.tensor.TensorShard;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The oracle against layers of one rank: neither too strict for the kernels, nor too loose. */
class OracleLayerTest {
  private static final LayerSpec DENSE = LayerSpec.dense(20, 4, 2, 6, 18);
  private static final long SEED = 2; // one whose choices are all clear
  private static final Tokens TOKENS = Tokens.prompts(2, 5);
  private static final LayerWeightSource WEIGHTS = new LayerWeightSource(3, 1);

  /** Layers of experts, by what their routers do. */
  private enum Experts {
    MIXTRAL(6, 2, 0, RoutingRule.topKThenSoftmax()),
    SOFTMAX_FIRST(8, 4, 0, RoutingRule.softmaxThenTopK()),
    LLAMA4(4, 1, 10, RoutingRule.sigmoid()),
    DEEPSEEK(16, 8, 12, RoutingRule.deepSeekV3()),
    FEW_GROUPS(12, 4, 6, new RoutingRule(Scoring.SIGMOID, true, 3, 2, 1.5f)),
    KIMI(8, 2, 6, RoutingRule.kimiK2());

    final LayerSpec spec;

    Experts(int experts, int topK, int shared, RoutingRule rule) {
      spec = DENSE.withExperts(experts, topK, shared, rule);
    }
  }

  @ParameterizedTest
  @EnumSource
  void boundsLayersOfExperts(Experts experts) {
    Matrix x = Inputs.uniform(SEED, TOKENS.rows(), DENSE.hidden());
    Bounded want = new OracleLayer(experts.spec, WEIGHTS).run(x, TOKENS).output();
    for (Variant variant : Variant.OWN) {
      Matrix y = run(experts.spec, variant, x, new WholeExperts(experts.spec, WEIGHTS, variant));
      assertThat(want.worst(y)).as("%s", variant).isBetween(1e-5, 1.0);
      y.data()[y.offset() + 7] *= 1.01f;
      assertThat(want.worst(y)).as("%s, spoilt", variant).isGreaterThan(1);
    }
  }

  /** One that goes elsewhere is told from one that goes where it should. */
  @Test
  void followsAGivenRouting() {
    LayerSpec spec = Experts.MIXTRAL.spec;
    Matrix x = Inputs.uniform(SEED, TOKENS.rows(), DENSE.hidden());
    Routing given = Routing.zeros(TOKENS.rows(), 2);
    for (int at = 0; at < given.choices(); at++) {
      given.expert()[at] = at % 5 == 3 ? Routing.DROPPED : (at / 2 + 3 * (at % 2)) % 6;
      given.weight()[at] = 0.25f + 0.5f * (at % 2);
    }
    WholeExperts mlp = new WholeExperts(spec, WEIGHTS, Variant.SCALAR).given(given);
    Matrix y = run(spec, Variant.SCALAR, x, mlp);
    OracleLayer oracle = new OracleLayer(spec, WEIGHTS);
    assertThat(oracle.routed(OracleRouting.given(given)).run(x, TOKENS).output().worst(y))
        .isLessThanOrEqualTo(1);
    assertThat(oracle.run(x, TOKENS).output().worst(y)).isGreaterThan(1);
  }

  @Test
  void dropsChoices() {
    LayerSpec spec = Experts.DEEPSEEK.spec;
    Matrix x = Inputs.uniform(SEED, TOKENS.rows(), DENSE.hidden());
    OracleRouting all = OracleRouting.byRule(spec.rule(), spec.topK());
    WholeExperts mlp = new WholeExperts(spec, WEIGHTS, Variant.VECTOR).capacity(3);
    Matrix y = run(spec, Variant.VECTOR, x, mlp);
    OracleRouting some = all.without(mlp::dropped);
    OracleLayer oracle = new OracleLayer(spec, WEIGHTS);
    assertThat(oracle.routed(some).run(x, TOKENS).output().worst(y)).isLessThanOrEqualTo(1);
    assertThat(oracle.routed(all).run(x, TOKENS).output().worst(y)).isGreaterThan(1);
  }

  @Test
  void refusesChoicesThatRoundingDecides() {
    OracleRouting routing = OracleRouting.byRule(RoutingRule.topKThenSoftmax(), 1);
    Bounded logits = new Bounded(1, 2, new double[] {1, 1 + 1e-9}, new double[] {1e-8, 1e-8});
    assertThatThrownBy(() -> routing.weights(4, logits))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith("a choice must be clear of rounding errors: token=4");
  }

  /** A cached prefix is the same as a longer prompt, and parts loosen the bound a little. */
  @Test
  void cachesAndPartsAreOfTheSameValue() {
    Matrix x = Inputs.uniform(2, 3, DENSE.hidden());
    OracleLayer oracle = new OracleLayer(DENSE, WEIGHTS);
    List<CachedTokens> cached = Inputs.cached(4, DENSE, 1, 6);
    Tokens placed = Tokens.after(6, 1, 3);
    Bounded one = oracle.run(Bounded.of(x), placed, cached).output();
    Bounded many = oracle.inParts(8).run(Bounded.of(x), placed, cached).output();
    assertThat(many.value()).isEqualTo(one.value());
    for (int at = 0; at < many.bound().length; at++) {
      assertThat(many.bound()[at]).isBetween(one.bound()[at], 20 * one.bound()[at]);
    }
  }

  private static Matrix run(LayerSpec spec, Variant variant, Matrix x, Sublayer mlp) {
    Meter meter = new Meter(false);
    TensorShard whole = TensorShard.whole(spec);
    Sublayer attention =
        new AttentionSublayer(
            whole,
            AttentionWeights.of(whole, WEIGHTS),
            TOKENS,
            AttentionSublayer.angles(spec, 5),
            new PromptCore(variant, meter),
            new Alone(),
            variant,
            meter);
    Matrix y = Inputs.rows(x, 0, x.rows());
    new ShardedLayer(spec, WEIGHTS, attention, mlp, variant, meter).run(y);
    return y;
  }
}
