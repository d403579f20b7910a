package dev.shardmark.kernels.sampling;

import dev.shardmark.kernels.Matrix;

/** {@link Speculation} from a way to add masses. */
abstract class RowwiseSpeculation implements Speculation {
  private final Excess excess;

  RowwiseSpeculation(Excess excess) {
    this.excess = excess;
  }

  @Override
  public final int verify(
      Matrix target, Matrix draft, int[] drafted, double[] accept, double next, int[] token) {
    Speculation.checkOperands(target, draft, drafted, accept, next, token);
    for (int i = 0; i < drafted.length; i++) {
      int pAt = target.offset() + i * target.rowStride();
      int qAt = draft.offset() + i * draft.rowStride();
      float p = target.data()[pAt + drafted[i]];
      float q = draft.data()[qAt + drafted[i]];
      if (!(accept[i] * q < p)) {
        excess.rows(target.data(), pAt, draft.data(), qAt);
        boolean any = excess.total(target.cols()) > 0;
        token[i] = any ? excess.draw(next) : plain(target, i, next);
        return i + 1;
      }
      token[i] = drafted[i];
    }
    token[drafted.length] = plain(target, drafted.length, next);
    return drafted.length + 1;
  }

  private int plain(Matrix target, int i, double next) {
    excess.row(target.data(), target.offset() + i * target.rowStride(), target.cols());
    excess.total(target.cols());
    return excess.draw(next);
  }
}
