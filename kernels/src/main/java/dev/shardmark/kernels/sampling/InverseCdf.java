package dev.shardmark.kernels.sampling;

/**
 * Draws one of n tokens by its mass: masses are added in order of ids, by blocks, until the sum
 * exceeds a share of the whole.
 *
 * <p>The blocks' sums are kept, so that only the block in which that happens is looked at again.
 */
abstract class InverseCdf {
  /** Tokens whose masses are added in float; beyond, sums are in double. */
  static final int BLOCK = 1024;

  /** Additions beyond one a token of a block, to join lanes and a tail. */
  static final int JOINING = 24;

  private double[] sums = new double[0];

  private int n;

  private double total;

  /** The mass of tokens {@code from} to {@code to - 1}. */
  abstract double sum(int from, int to);

  /** The mass of one token, at least 0. */
  abstract float mass(int j);

  static void checkUniform(int row, double uniform) {
    if (!(uniform >= 0 && uniform < 1)) {
      throw new IllegalArgumentException(
          "a uniform number must be in [0, 1): row=" + row + " uniform=" + uniform);
    }
  }

  /** Adds the masses of all n tokens. */
  final double total(int n) {
    this.n = n;
    int blocks = (n + BLOCK - 1) / BLOCK;
    if (sums.length < blocks) {
      sums = new double[blocks];
    }
    total = 0;
    for (int b = 0; b < blocks; b++) {
      sums[b] = sum(b * BLOCK, Math.min(n, (b + 1) * BLOCK));
      total += sums[b];
    }
    return total;
  }

  /** The token of a number of [0, 1), among those last added; -1 if none has mass. */
  final int draw(double uniform) {
    double share = uniform * total;
    int block = 0;
    double below = 0;
    double next = 0;
    for (int b = 0; b * BLOCK < n && next <= share; b++) {
      if (sums[b] > 0) { // rounding may leave the share unreached: the last mass has it then
        block = b;
        below = next;
        next += sums[b];
      }
    }
    int token = -1;
    for (int j = block * BLOCK; j < Math.min(n, (block + 1) * BLOCK) && below <= share; j++) {
      float mass = mass(j);
      if (mass > 0) {
        token = j;
        below += mass;
      }
    }
    return token;
  }
}
