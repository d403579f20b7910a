package dev.shardmark.kernels.attention;

import dev.shardmark.kernels.Matrix;

/** Merges two partial results of attention, see {@link Attention#merge}. */
final class Merging {
  private Merging() {}

  static void merge(Heads o, Matrix lse, Heads otherO, Matrix otherLse) {
    Attention.checkShapes(o, otherO, otherO, otherO, lse);
    Attention.checkShapes(o, otherO, otherO, otherO, otherLse);
    for (int i = 0; i < o.tokens(); i++) {
      for (int h = 0; h < o.heads(); h++) {
        int at = lse.offset() + i * lse.rowStride() + h;
        double mine = lse.data()[at];
        double other = otherLse.data()[otherLse.offset() + i * otherLse.rowStride() + h];
        if (other == Double.NEGATIVE_INFINITY) {
          continue;
        }
        double max = Math.max(mine, other);
        double weight = Math.exp(mine - max);
        double otherWeight = Math.exp(other - max);
        double sum = weight + otherWeight;
        blend((float) (weight / sum), o, (float) (otherWeight / sum), otherO, i, h);
        lse.data()[at] = (float) (max + Math.log(sum));
      }
    }
  }

  private static void blend(float weight, Heads o, float otherWeight, Heads other, int i, int h) {
    float[] to = o.data();
    float[] from = other.data();
    int at = o.index(i, h);
    int fromAt = other.index(i, h);
    for (int d = 0; d < o.headDim(); d++) {
      to[at + d] = weight * to[at + d] + otherWeight * from[fromAt + d];
    }
  }
}
