package dev.shardmark.parallel;

import dev.shardmark.kernels.Matrix;

/**
 * The attention or the MLP of a layer, as one rank computes it together with the others.
 *
 * <p><b>Shapes</b> both matrices are (T, h) of the tokens this rank keeps between sublayers, dense.
 * What comes out is complete: partial sums have been added, tokens sent away have come back.
 *
 * <p><b>Edge cases</b> a rank may have no tokens and takes part all the same. {@code added} is
 * written and never read.
 *
 * <p><b>Threading</b> the thread of the rank; all ranks call together. Nothing is allocated from
 * the second call on.
 */
@FunctionalInterface
public interface Sublayer {
  /** Computes what the sublayer adds to the residual stream of tokens that are normalised. */
  void apply(Matrix normed, Matrix added);
}
