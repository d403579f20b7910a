package dev.shardmark.parallel.pipeline;

import dev.shardmark.kernels.Matrix;

/**
 * Consecutive layers, as one rank computes them.
 *
 * <p><b>Shapes</b> (T, h), dense, in place. What a stage remembers of a request, such as its keys
 * and values, is the stage's own.
 *
 * <p><b>Threading</b> the thread of the rank. Nothing is allocated from the second call on.
 */
@FunctionalInterface
public interface Stage {
  /** Computes one micro-batch, whose request is {@link Schedule#request}. */
  void apply(int microBatch, Matrix tokens);
}
