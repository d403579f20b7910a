package dev.shardmark.kernels.gemm;

import dev.shardmark.kernels.Matrix;
import java.util.List;

/** {@link GroupedGemm} by {@link PackedVectorGemm}, group after group. */
public final class VectorGroupedGemm implements GroupedGemm {
  private final PackedVectorGemm gemm = new PackedVectorGemm();

  @Override
  public void multiply(Matrix a, int[] offsets, List<PackedMatrix> b, Matrix c) {
    GroupedGemm.check(a, offsets, b, c);
    for (int e = 0; e < b.size(); e++) {
      int rows = offsets[e + 1] - offsets[e];
      gemm.multiplyRows(1, Op.PLAIN, a, offsets[e], rows, b.get(e), 0, c);
    }
  }
}
