package dev.shardmark.kernels.sampling;

/** The masses max(p - q, 0) of a row. */
abstract class Excess extends InverseCdf {
  /** Stands for a draft that gives no token any probability. */
  private float[] zeros = new float[0];

  float[] p;
  int pAt;
  float[] q;
  int qAt;

  /** Takes a row of both. */
  final void rows(float[] p, int pAt, float[] q, int qAt) {
    this.p = p;
    this.pAt = pAt;
    this.q = q;
    this.qAt = qAt;
  }

  /** Takes a row of n probabilities p, and q = 0. */
  final void row(float[] p, int pAt, int n) {
    if (zeros.length < n) {
      zeros = new float[n];
    }
    rows(p, pAt, zeros, 0);
  }

  @Override
  final float mass(int j) {
    float excess = p[pAt + j] - q[qAt + j];
    return excess > 0 ? excess : 0; // 0 for NaN
  }
}
