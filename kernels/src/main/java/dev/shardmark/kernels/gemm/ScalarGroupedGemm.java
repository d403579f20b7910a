package dev.shardmark.kernels.gemm;

import dev.shardmark.kernels.AlignedFloats;
import dev.shardmark.kernels.Matrix;
import java.util.List;

/** {@link GroupedGemm} in plain loops over the panels of each group's weights. */
public final class ScalarGroupedGemm implements GroupedGemm {
  private float[][] decoded = new float[0][];

  @Override
  public void multiply(Matrix a, int[] offsets, List<PackedMatrix> b, Matrix c) {
    GroupedGemm.check(a, offsets, b, c);
    Scaling.rows(c, 0);
    decoded = Packing.panels(decoded, PackedMatrix.GROUP_PANELS, PackedMatrix.WIDTH);
    for (int e = 0; e < b.size(); e++) {
      if (offsets[e] < offsets[e + 1]) {
        add(a, offsets[e], offsets[e + 1], b.get(e), c);
      }
    }
  }

  private void add(Matrix a, int from, int to, PackedMatrix b, Matrix c) {
    for (int group = 0; group < b.groups(); group++) {
      for (int block = 0; block < b.blocks(); block++) {
        float[][] panels = b.panels(group, block, decoded);
        int p = block * b.depth();
        for (int i = from; i < to; i++) {
          int rowA = a.offset() + i * a.rowStride() + p;
          int rowC = c.offset() + i * c.rowStride() + group * PackedMatrix.GROUP_COLUMNS;
          for (int j = 0; j < b.columns(group); j++) {
            float[] panel = panels[j / PackedMatrix.WIDTH];
            int column = j % PackedMatrix.WIDTH;
            c.data()[rowC + j] += dot(a.data(), rowA, panel, column, b.steps(block));
          }
        }
      }
    }
  }

  private static float dot(float[] a, int at, float[] panel, int column, int steps) {
    float sum = 0;
    for (int p = 0; p < steps; p++) {
      float weight = panel[AlignedFloats.START + PackedMatrix.place(p, column)];
      sum = Math.fma(a[at + p], weight, sum);
    }
    return sum;
  }
}
