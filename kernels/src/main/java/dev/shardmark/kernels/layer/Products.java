package dev.shardmark.kernels.layer;

import dev.shardmark.kernels.Kernels;
import dev.shardmark.kernels.Matrix;
import dev.shardmark.kernels.Variant;
import dev.shardmark.kernels.gemm.GroupedGemm;
import dev.shardmark.kernels.gemm.PackedMatrix;
import dev.shardmark.kernels.gemm.ReferenceGroupedGemm;
import java.util.List;

/** Products by packed weights; one without experts is a product of one group. */
final class Products {
  private Products() {}

  static LayerStep step(
      LayerOperation operation, Variant variant, Matrix a, PackedMatrix b, Matrix c) {
    return step(operation, variant, a, new int[] {0, a.rows()}, List.of(b), c);
  }

  static LayerStep step(
      LayerOperation operation,
      Variant variant,
      Matrix a,
      int[] offsets,
      List<PackedMatrix> b,
      Matrix c) {
    GroupedGemm gemm = Kernels.groupedGemm(variant);
    return LayerStep.of(
        operation,
        () -> gemm.multiply(a, offsets, b, c),
        () -> ReferenceGroupedGemm.worstOfLarge(a, offsets, b, c));
  }
}
