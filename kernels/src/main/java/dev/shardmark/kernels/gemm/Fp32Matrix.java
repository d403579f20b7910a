package dev.shardmark.kernels.gemm;

import static dev.shardmark.kernels.AlignedFloats.START;

import dev.shardmark.kernels.AlignedFloats;
import dev.shardmark.kernels.Matrix;

/** {@link PackedMatrix} as it is. */
final class Fp32Matrix extends PackedMatrix {
  /** Panels by group and block. */
  private final float[][][] panels;

  Fp32Matrix(Op op, Matrix b) {
    super(op.rows(b), op.cols(b));
    panels = new float[groups() * blocks()][][];
    for (int group = 0; group < groups(); group++) {
      for (int block = 0; block < blocks(); block++) {
        float[][] fresh = new float[panels(group)][];
        for (int j = 0; j < fresh.length; j++) {
          fresh[j] = AlignedFloats.allocate(panelLength());
        }
        pack(op, b, group, block, fresh);
        panels[group * blocks() + block] = fresh;
      }
    }
  }

  @Override
  float[][] panels(int group, int block, float[][] scratch) {
    return panels[group * blocks() + block];
  }

  @Override
  void dot(int group, int block, int panel, float[] row, int at, float[] sums, int to) {
    float[] weights = panels[group * blocks() + block][panel];
    RowTimesPanel.add(steps(block), row, at, weights, START, sums, to);
  }
}
