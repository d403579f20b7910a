package dev.shardmark.kernels.gemm;

import static dev.shardmark.kernels.AlignedFloats.START;

import dev.shardmark.kernels.Matrix;
import dev.shardmark.kernels.math.Bf16;

/** {@link PackedMatrix} of bf16: two columns at a time, in the order of {@link Bf16#pairPlace}. */
final class Bf16Matrix extends PackedMatrix {
  /** Panels by group and block. */
  private final short[][][] panels;

  Bf16Matrix(Op op, Matrix b) {
    super(op.rows(b), op.cols(b));
    panels = new short[groups() * blocks()][][];
    float[][] fp32 = Packing.panels(new float[0][], GROUP_PANELS, WIDTH);
    for (int group = 0; group < groups(); group++) {
      for (int block = 0; block < blocks(); block++) {
        pack(op, b, group, block, fp32);
        short[][] fresh = new short[panels(group)][];
        for (int j = 0; j < fresh.length; j++) {
          fresh[j] = new short[Bf16.START + panelLength()];
          Bf16.roundPairs(fp32[j], START, fresh[j], Bf16.START, panelLength());
        }
        panels[group * blocks() + block] = fresh;
      }
    }
  }

  @Override
  float[][] panels(int group, int block, float[][] scratch) {
    short[][] stored = panels[group * blocks() + block];
    for (int j = 0; j < stored.length; j++) {
      Bf16.widenPairs(stored[j], Bf16.START, scratch[j], START, panelLength());
    }
    return scratch;
  }

  @Override
  void dot(int group, int block, int panel, float[] row, int at, float[] sums, int to) {
    short[] weights = panels[group * blocks() + block][panel];
    RowTimesPanel.add(steps(block), row, at, weights, Bf16.START, sums, to);
  }
}
