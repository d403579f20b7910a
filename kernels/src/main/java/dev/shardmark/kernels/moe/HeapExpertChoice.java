package dev.shardmark.kernels.moe;

import dev.shardmark.kernels.Matrix;
import dev.shardmark.kernels.softmax.Softmax;

/**
 * {@link ExpertChoice} by a softmax of any variant and, for each expert, a heap of the best so far,
 * the worst of them on top. A score and its token are one long, so that no two are equal.
 */
public final class HeapExpertChoice implements ExpertChoice {
  private final Softmax softmax;
  private Matrix score = Matrix.zeros(0, 0);
  private long[] heap = {};

  public HeapExpertChoice(Softmax softmax) {
    this.softmax = softmax;
  }

  @Override
  public void choose(Matrix logits, int capacity, int[] token, float[] weight) {
    ExpertChoice.check(logits, capacity, token, weight);
    if (score.rows() != logits.rows() || score.cols() != logits.cols()) {
      score = Matrix.zeros(logits.rows(), logits.cols());
    }
    if (heap.length < capacity) {
      heap = new long[capacity];
    }
    softmax.softmax(1, logits, null, score, null);
    for (int e = 0; e < logits.cols(); e++) {
      best(e, capacity);
      for (int size = capacity; size > 0; size--) { // the worst comes out first
        int at = e * capacity + size - 1;
        token[at] = ~(int) heap[0];
        weight[at] = score.data()[score.offset() + token[at] * score.rowStride() + e];
        heap[0] = heap[size - 1];
        sink(heap, 0, size - 1);
      }
    }
  }

  private void best(int expert, int capacity) {
    int tokens = capacity == 0 ? 0 : score.rows();
    for (int t = 0; t < tokens; t++) {
      long key = key(score.data()[score.offset() + t * score.rowStride() + expert], t);
      if (t < capacity) {
        heap[t] = key;
        for (int i = capacity / 2 - 1; t == capacity - 1 && i >= 0; i--) {
          sink(heap, i, capacity);
        }
      } else if (key > heap[0]) {
        heap[0] = key;
        sink(heap, 0, capacity);
      }
    }
  }

  /** Larger for a larger score, which is not negative, and then for a lower token. */
  private static long key(float score, int token) {
    int bits = score == score ? Float.floatToRawIntBits(score) : -1;
    return (long) bits << 32 | ~token & 0xffffffffL;
  }

  private static void sink(long[] heap, int from, int size) {
    int parent = from;
    for (int child = 2 * parent + 1; child < size; child = 2 * parent + 1) {
      if (child + 1 < size && heap[child + 1] < heap[child]) {
        child++;
      }
      if (heap[parent] <= heap[child]) {
        return;
      }
      long moved = heap[parent];
      heap[parent] = heap[child];
      heap[child] = moved;
      parent = child;
    }
  }
}
