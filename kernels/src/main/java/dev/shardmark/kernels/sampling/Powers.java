package dev.shardmark.kernels.sampling;

/** The masses e^((x - m) / T) of a row, 0 where less than a least mass. */
abstract class Powers extends InverseCdf {
  float[] x;
  int at;
  float largest;
  float scale;
  float least;

  /** Takes a row: its place, m, 1 / T and the least mass that counts. */
  final void row(float[] x, int at, float largest, float scale, float least) {
    this.x = x;
    this.at = at;
    this.largest = largest;
    this.scale = scale;
    this.least = least;
  }

  /** The mass of a logit, whatever the least is; NaN for NaN. */
  abstract float power(float logit);

  @Override
  final float mass(int j) {
    float e = power(x[at + j]);
    return e >= least ? e : 0; // 0 for NaN
  }
}
