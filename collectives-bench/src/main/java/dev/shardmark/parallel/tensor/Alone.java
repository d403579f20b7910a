package dev.shardmark.parallel.tensor;

import dev.shardmark.kernels.Matrix;
import dev.shardmark.parallel.TokenExchange;

/** {@link TokenExchange} of a rank that has linears whole: nothing is said. */
public final class Alone implements TokenExchange {
  @Override
  public int gathered(int kept) {
    return kept;
  }

  @Override
  public Matrix enter(Matrix kept) {
    return kept;
  }

  @Override
  public void leave(Matrix partial, Matrix kept) {
    if (partial != kept) {
      int length = kept.rows() * kept.cols();
      System.arraycopy(partial.data(), partial.offset(), kept.data(), kept.offset(), length);
    }
  }
}
