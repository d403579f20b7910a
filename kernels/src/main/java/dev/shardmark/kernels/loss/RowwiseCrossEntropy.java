package dev.shardmark.kernels.loss;

import dev.shardmark.kernels.Matrix;

/** What both variants have in common: rows, targets, and those that are ignored. */
abstract class RowwiseCrossEntropy implements CrossEntropy {
  /** m of n logits, as {@link dev.shardmark.kernels.softmax.RowMaximum} has it. */
  abstract float largest(float[] x, int at, int n);

  /** S of n logits. */
  abstract float sum(float[] x, int at, int n, float largest);

  @Override
  public final float losses(Matrix x, int[] targets, float[] loss) {
    CrossEntropy.checkOperands(x, 0, x.cols(), targets, loss.length);
    float[] data = x.data();
    for (int i = 0; i < x.rows(); i++) {
      int at = x.offset() + i * x.rowStride();
      if (targets[i] == IGNORED) {
        loss[i] = 0;
      } else {
        float largest = largest(data, at, x.cols());
        float sum = sum(data, at, x.cols(), largest);
        loss[i] = Partials.loss(largest, sum, data[at + targets[i]]);
      }
    }
    return CrossEntropy.mean(loss, targets);
  }

  @Override
  public final void partials(
      Matrix x, int first, int vocabulary, int[] targets, Partials partials) {
    CrossEntropy.checkOperands(x, first, vocabulary, targets, partials.sum().length);
    float[] data = x.data();
    for (int i = 0; i < x.rows(); i++) {
      int at = x.offset() + i * x.rowStride();
      boolean ignored = targets[i] == IGNORED;
      int column = targets[i] - first;
      boolean here = !ignored && column >= 0 && column < x.cols();
      float largest = ignored ? 0 : largest(data, at, x.cols());
      partials.largest()[i] = largest;
      partials.sum()[i] = ignored ? 0 : sum(data, at, x.cols(), largest);
      partials.target()[i] = here ? data[at + column] : 0;
    }
  }
}
