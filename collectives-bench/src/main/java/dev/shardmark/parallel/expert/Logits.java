package dev.shardmark.parallel.expert;

import dev.shardmark.kernels.Kernels;
import dev.shardmark.kernels.Matrix;
import dev.shardmark.kernels.Variant;
import dev.shardmark.kernels.gemm.GroupedGemm;
import dev.shardmark.kernels.gemm.PackedMatrix;
import dev.shardmark.kernels.layer.LayerOperation;
import dev.shardmark.parallel.Meter;
import java.util.List;

/** A score for each token and expert: the product by the router, which every rank holds whole. */
final class Logits {
  private final List<PackedMatrix> router;
  private final GroupedGemm gemm;
  private final Meter meter;
  private final RowBuffer logits;
  private final int[] all = new int[2];

  Logits(PackedMatrix router, Variant variant, Meter meter) {
    this.router = List.of(router);
    this.meter = meter;
    gemm = Kernels.groupedGemm(variant);
    logits = new RowBuffer(router.cols(), 1);
  }

  /** (T, E), valid until the next call. */
  Matrix of(Matrix normed) {
    long sinceNs = meter.now();
    Matrix scores = logits.rows(normed.rows());
    all[1] = normed.rows();
    gemm.multiply(normed, all, router, scores);
    meter.computed(LayerOperation.ROUTER, sinceNs);
    return scores;
  }
}
