package dev.shardmark.parallel.pipeline;

import dev.shardmark.kernels.Matrix;

/**
 * What is before the first layer and behind the last: an embedding and a sampler, or the
 * activations themselves.
 *
 * <p><b>Shapes</b> tokens are (T, h) and answers (T, w), dense, w as the {@link Pipeline} was told.
 */
public interface Ends {
  /**
   * On the first rank: writes what enters the first layer.
   *
   * @param answer what left the last layer F micro-batches before, the same request's; means
   *     nothing for the first F
   */
  void enter(int microBatch, Matrix answer, Matrix tokens);

  /**
   * On the last rank: reads what left the last layer, and writes what the first is to know of it.
   */
  void leave(int microBatch, Matrix tokens, Matrix answer);
}
