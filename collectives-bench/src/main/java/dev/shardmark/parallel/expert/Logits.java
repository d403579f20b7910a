package dev.shardmark.parallel.expert;

import dev.shardmark.kernels.Matrix;
import dev.shardmark.kernels.Variant;
import dev.shardmark.kernels.gemm.PackedMatrix;
import dev.shardmark.kernels.layer.LayerOperation;
import dev.shardmark.parallel.Meter;
import dev.shardmark.parallel.Projection;

/** A score for each token and expert: the product by the router, which every rank holds whole. */
final class Logits {
  private final Projection router;
  private final RowBuffer logits;

  Logits(PackedMatrix router, Variant variant, Meter meter) {
    this.router = new Projection(LayerOperation.ROUTER, router, variant, meter);
    logits = new RowBuffer(router.cols(), 1);
  }

  /** (T, E), valid until the next call. */
  Matrix of(Matrix normed) {
    Matrix scores = logits.rows(normed.rows());
    router.apply(normed, scores);
    return scores;
  }
}
