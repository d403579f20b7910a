package dev.shardmark.kernels.layer;

import dev.shardmark.kernels.Kernels;
import dev.shardmark.kernels.Matrix;
import dev.shardmark.kernels.Variant;
import dev.shardmark.kernels.activation.ReferenceActivation;
import dev.shardmark.kernels.activation.SwiGlu;
import dev.shardmark.kernels.moe.Combine;
import dev.shardmark.kernels.moe.Permutation;
import dev.shardmark.kernels.moe.PermutationCheck;
import dev.shardmark.kernels.moe.ReferenceCombine;
import dev.shardmark.kernels.moe.Router;
import dev.shardmark.kernels.moe.RouterCheck;
import dev.shardmark.kernels.moe.Routing;
import dev.shardmark.kernels.moe.RoutingRule;
import java.util.List;

/** The part of a layer from a normalised input to what its MLP, or its experts, add to it. */
final class MlpSteps {
  /** That of Mixtral and Qwen3. */
  static final RoutingRule RULE = RoutingRule.topKThenSoftmax();

  private final LayerShape s;
  private final LayerWeights weights;
  private final Matrix output;
  private final Matrix both;
  private final Matrix gate;
  private final Matrix up;
  private final Matrix active;

  MlpSteps(LayerShape s, LayerWeights weights, Matrix output) {
    this.s = s;
    this.weights = weights;
    this.output = output;
    int f = s.width();
    both = Matrix.zeros(s.mlpRows(), 2 * f);
    gate = new Matrix(both.data(), both.offset(), s.mlpRows(), f, 2 * f);
    up = new Matrix(both.data(), both.offset() + f, s.mlpRows(), f, 2 * f);
    active = Matrix.zeros(s.mlpRows(), f);
  }

  void addTo(List<LayerStep> steps, Matrix input, Variant variant) {
    if (s.experts() == 0) {
      int[] all = {0, s.rows()};
      mlp(steps, variant, input, all, output);
      return;
    }
    Matrix logits = Matrix.zeros(s.rows(), s.experts());
    Routing routing = Routing.zeros(s.rows(), s.topK());
    Permutation permutation = new Permutation(s.experts());
    Matrix rows = Matrix.zeros(s.mlpRows(), s.hidden());
    Matrix results = Matrix.zeros(s.mlpRows(), s.hidden());
    steps.add(Products.step(LayerOperation.ROUTER, variant, input, weights.router(), logits));
    Router router = Kernels.router(variant, RULE);
    steps.add(
        LayerStep.of(
            LayerOperation.ROUTE,
            () -> router.route(logits, null, routing),
            () -> RouterCheck.worst(RULE, logits, null, routing)));
    steps.add(
        LayerStep.of(
            LayerOperation.PERMUTE,
            () -> {
              permutation.sort(routing);
              permutation.gather(input, rows);
            },
            () -> permuted(routing, permutation, input, rows)));
    mlp(steps, variant, rows, permutation.offset(), results);
    Combine combine = Kernels.combine(variant);
    steps.add(
        LayerStep.of(
            LayerOperation.COMBINE,
            () -> combine.combine(results, routing, permutation, output),
            () -> ReferenceCombine.combine(results, routing, s.experts()).worst(output)));
  }

  private void mlp(
      List<LayerStep> steps, Variant variant, Matrix rows, int[] offsets, Matrix results) {
    SwiGlu swiGlu = Kernels.swiGlu(variant);
    steps.add(
        Products.step(LayerOperation.GATE_UP, variant, rows, offsets, weights.gateUp(), both));
    steps.add(
        LayerStep.of(
            LayerOperation.SWIGLU,
            () -> swiGlu.apply(gate, up, active),
            () -> ReferenceActivation.swiGlu(gate, up).worst(active)));
    steps.add(
        Products.step(LayerOperation.DOWN, variant, active, offsets, weights.down(), results));
  }

  private double permuted(Routing routing, Permutation permutation, Matrix x, Matrix rows) {
    String order =
        PermutationCheck.fault(
            routing, permutation.offset(), permutation.token(), permutation.row());
    String copies = PermutationCheck.gatherFault(routing, s.experts(), x, rows);
    return order == null && copies == null ? 0 : Double.POSITIVE_INFINITY;
  }
}
