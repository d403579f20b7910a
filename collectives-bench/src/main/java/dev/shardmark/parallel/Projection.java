package dev.shardmark.parallel;

import dev.shardmark.kernels.Kernels;
import dev.shardmark.kernels.Matrix;
import dev.shardmark.kernels.Variant;
import dev.shardmark.kernels.gemm.GroupedGemm;
import dev.shardmark.kernels.gemm.Op;
import dev.shardmark.kernels.gemm.PackedMatrix;
import dev.shardmark.kernels.layer.LayerOperation;
import java.util.List;

/** Tokens times the weights that a rank has of a linear, timed. One instance per rank. */
public final class Projection {
  private final LayerOperation operation;
  private final Meter meter;
  private final GroupedGemm gemm;
  private final List<PackedMatrix> weights;
  private final int[] offsets = new int[2];

  /** A projection by a packed copy of (k, n) weights. */
  public Projection(LayerOperation operation, Matrix weights, Variant variant, Meter meter) {
    this(operation, PackedMatrix.of(Op.PLAIN, weights), variant, meter);
  }

  /** A projection by weights that are packed already. */
  public Projection(LayerOperation operation, PackedMatrix weights, Variant variant, Meter meter) {
    this.operation = operation;
    this.meter = meter;
    this.weights = List.of(weights);
    gemm = Kernels.groupedGemm(variant);
  }

  /** {@code y = x w}: x is (T, k), y is (T, n) and does not overlap x. */
  public void apply(Matrix x, Matrix y) {
    long startNs = meter.now();
    offsets[1] = x.rows();
    gemm.multiply(x, offsets, weights, y);
    meter.computed(operation, startNs);
  }
}
