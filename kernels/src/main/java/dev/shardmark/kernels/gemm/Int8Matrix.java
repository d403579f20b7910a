package dev.shardmark.kernels.gemm;

import static dev.shardmark.kernels.AlignedFloats.START;
import static dev.shardmark.kernels.Species.LANES;

import dev.shardmark.kernels.AlignedFloats;
import dev.shardmark.kernels.Matrix;
import java.util.Arrays;

/**
 * {@link PackedMatrix} of bytes with scales: a weight is {@code scale * byte}. Scales belong to a
 * column and to a stretch of rows.
 */
final class Int8Matrix extends PackedMatrix {
  private static final int LARGEST = 127;

  /** Panels by group and block. */
  private final byte[][][] panels;

  /** Scales by group and block, one for each column of the group. */
  private final float[][] scales;

  private final float[] unscaled = AlignedFloats.allocate(RowTimesPanel.SUMS);

  /** Weights of op(b) that share scales along k for {@code stretch} rows: all, or a block. */
  Int8Matrix(Op op, Matrix b, int stretch) {
    super(op.rows(b), op.cols(b));
    panels = new byte[groups() * blocks()][][];
    scales = new float[groups() * blocks()][];
    float[][] fp32 = Packing.panels(new float[0][], GROUP_PANELS, WIDTH);
    for (int group = 0; group < groups(); group++) {
      for (int block = 0; block < blocks(); block++) {
        pack(op, b, group, block, fp32);
        int at = group * blocks() + block;
        int row = block * depth() / stretch * stretch;
        scales[at] = scales(op, b, group, row, Math.min(rows(), row + stretch));
        panels[at] = new byte[panels(group)][];
        for (int j = 0; j < panels[at].length; j++) {
          panels[at][j] = rounded(fp32[j], scales[at], j * WIDTH);
        }
      }
    }
  }

  private float[] scales(Op op, Matrix b, int group, int firstRow, int endRow) {
    float[] largest = new float[panels(group) * WIDTH];
    for (int p = firstRow; p < endRow; p++) {
      for (int j = 0; j < columns(group); j++) {
        largest[j] = Math.max(largest[j], Math.abs(op.at(b, p, group * GROUP_COLUMNS + j)));
      }
    }
    for (int j = 0; j < largest.length; j++) {
      largest[j] /= LARGEST;
    }
    return largest;
  }

  private byte[] rounded(float[] panel, float[] scales, int first) {
    byte[] bytes = new byte[RowTimesPanel.BYTES_START + panelLength() + RowTimesPanel.BYTES_AFTER];
    for (int i = 0; i < panelLength(); i++) {
      float scale = scales[first + i / LANES % WIDTH];
      double multiple = scale == 0 ? 0 : Math.rint(panel[START + i] / scale);
      bytes[RowTimesPanel.BYTES_START + i] = (byte) Math.clamp(multiple, -LARGEST, LARGEST);
    }
    return bytes;
  }

  @Override
  float[][] panels(int group, int block, float[][] scratch) {
    byte[][] stored = panels[group * blocks() + block];
    float[] scale = scales[group * blocks() + block];
    for (int j = 0; j < stored.length; j++) {
      widen(stored[j], scale, j * WIDTH, scratch[j]);
    }
    return scratch;
  }

  private void widen(byte[] from, float[] scale, int first, float[] to) {
    for (int i = 0; i < panelLength(); i += LANES) {
      float one = scale[first + i / LANES % WIDTH];
      for (int p = i; p < i + LANES; p++) {
        to[START + p] = one * from[RowTimesPanel.BYTES_START + p];
      }
    }
  }

  @Override
  void dot(int group, int block, int panel, float[] row, int at, float[] sums, int to) {
    int index = group * blocks() + block;
    byte[] weights = panels[index][panel];
    Arrays.fill(unscaled, 0);
    RowTimesPanel.add(steps(block), row, at, weights, RowTimesPanel.BYTES_START, unscaled, START);
    for (int j = 0; j < WIDTH; j++) {
      float scale = scales[index][panel * WIDTH + j];
      for (int lane = j * LANES; lane < (j + 1) * LANES; lane++) {
        sums[to + lane] += scale * unscaled[START + lane];
      }
    }
  }
}
