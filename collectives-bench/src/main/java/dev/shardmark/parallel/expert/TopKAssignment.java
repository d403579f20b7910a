package dev.shardmark.parallel.expert;

import dev.shardmark.kernels.Kernels;
import dev.shardmark.kernels.Matrix;
import dev.shardmark.kernels.Variant;
import dev.shardmark.kernels.gemm.PackedMatrix;
import dev.shardmark.kernels.layer.LayerOperation;
import dev.shardmark.kernels.moe.Router;
import dev.shardmark.kernels.moe.Routing;
import dev.shardmark.parallel.LayerSpec;
import dev.shardmark.parallel.Meter;

/** Each token chooses its K best experts, by the rule of the layer and without a bias. */
public final class TopKAssignment implements Assignment {
  private final int topK;
  private final Logits logits;
  private final Router router;
  private final Meter meter;
  private Routing routing;

  public TopKAssignment(LayerSpec spec, PackedMatrix router, Variant variant, Meter meter) {
    this.meter = meter;
    this.router = Kernels.router(variant, spec.rule());
    topK = spec.topK();
    logits = new Logits(router, variant, meter);
    routing = Routing.zeros(0, topK);
  }

  @Override
  public Routing assign(Matrix normed) {
    Matrix scores = logits.of(normed);
    long sinceNs = meter.now();
    if (routing.tokens() != normed.rows()) {
      routing = Routing.zeros(normed.rows(), topK);
    }
    router.route(scores, null, routing);
    meter.computed(LayerOperation.ROUTE, sinceNs);
    return routing;
  }
}
