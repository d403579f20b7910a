package dev.shardmark.kernels.attention;

import dev.shardmark.kernels.Matrix;

/**
 * {@link Attention} in plain Java: a query at a time, all its scores, their maximum, then the
 * weighted values. The loop over a value's elements is one the compiler can vectorise.
 */
public final class ScalarAttention implements Attention {
  private float[] scores = new float[0];

  @Override
  public void attend(float scale, boolean causal, Heads q, Heads k, Heads v, Heads o, Matrix lse) {
    Attention.checkShapes(q, k, v, o, lse);
    if (scores.length < k.tokens()) {
      scores = new float[k.tokens()];
    }
    for (int i = 0; i < q.tokens(); i++) {
      int visible = Attention.visible(i, q.tokens(), k.tokens(), causal);
      for (int h = 0; h < q.heads(); h++) {
        int kvHead = h / (q.heads() / k.heads());
        float max = scores(scale, q, i, h, k, kvHead, visible);
        float sum = weigh(max, v, kvHead, visible, o.data(), o.index(i, h));
        lse.data()[lse.offset() + i * lse.rowStride() + h] =
            visible == 0 ? Float.NEGATIVE_INFINITY : (float) (max + Math.log(sum));
      }
    }
  }

  /** Computes the scores of one query and returns the largest. */
  private float scores(float scale, Heads q, int i, int h, Heads k, int kvHead, int visible) {
    float max = Float.NEGATIVE_INFINITY;
    int qAt = q.index(i, h);
    for (int j = 0; j < visible; j++) {
      float s = scale * dot(q.data(), qAt, k.data(), k.index(j, kvHead), q.headDim());
      scores[j] = s;
      max = Math.max(max, s);
    }
    return max;
  }

  /** Writes the weighted mean of the values and returns the sum of the weights. */
  private float weigh(float max, Heads v, int kvHead, int visible, float[] o, int oAt) {
    for (int d = 0; d < v.headDim(); d++) {
      o[oAt + d] = 0;
    }
    float sum = 0;
    for (int j = 0; j < visible; j++) {
      float weight = (float) Math.exp(scores[j] - max);
      sum += weight;
      axpy(weight, v.data(), v.index(j, kvHead), o, oAt, v.headDim());
    }
    float inverse = visible == 0 ? 0 : 1 / sum;
    for (int d = 0; d < v.headDim(); d++) {
      o[oAt + d] *= inverse;
    }
    return sum;
  }

  static float dot(float[] x, int xAt, float[] y, int yAt, int length) {
    float sum = 0;
    for (int d = 0; d < length; d++) {
      sum = Math.fma(x[xAt + d], y[yAt + d], sum);
    }
    return sum;
  }

  static void axpy(float s, float[] x, int xAt, float[] y, int yAt, int length) {
    for (int d = 0; d < length; d++) {
      y[yAt + d] = Math.fma(s, x[xAt + d], y[yAt + d]);
    }
  }
}
