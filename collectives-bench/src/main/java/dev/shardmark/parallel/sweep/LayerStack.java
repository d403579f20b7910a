package dev.shardmark.parallel.sweep;

import dev.shardmark.kernels.Matrix;
import dev.shardmark.parallel.ShardedLayer;

/** A rank's layers over tokens that it keeps all the time. */
final class LayerStack implements RankStep {
  private final Matrix input;
  private final Matrix x;
  private final ShardedLayer[] layers;
  private final Runnable rewindCaches;

  LayerStack(Matrix input, Runnable rewindCaches, ShardedLayer... layers) {
    this.input = input;
    this.layers = layers;
    this.rewindCaches = rewindCaches;
    x = Matrix.zeros(input.rows(), input.cols());
  }

  @Override
  public void rewind() {
    int length = input.rows() * input.cols();
    System.arraycopy(input.data(), input.offset(), x.data(), x.offset(), length);
    rewindCaches.run();
  }

  @Override
  public void run() {
    for (ShardedLayer layer : layers) {
      layer.run(x);
    }
  }

  @Override
  public Matrix result() {
    return x;
  }
}
