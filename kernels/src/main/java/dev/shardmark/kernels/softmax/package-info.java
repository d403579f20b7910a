/**
 * Softmax over rows. Letters: x a row of logits, z = scale x, m the largest z, t = z - m, S the sum
 * of e^t, u = 2^-24, g(r) = r u / (1 - r u).
 *
 * <p>Subtracting m changes no quotient and keeps every power at most 1, so that nothing overflows.
 *
 * <p>Read {@link dev.shardmark.kernels.softmax.Softmax}, the contract; {@code ReferenceSoftmax},
 * the oracle; {@code RowwiseSoftmax}, what all others share; {@code ScalarSoftmax}; {@code
 * ThreePassVectorSoftmax} and {@code OnlineVectorSoftmax}; {@code LibraryExpSoftmax}, to compare
 * the JDK's own vector exponential with ours. {@code SoftmaxCheck} decides whether a result is
 * right. {@code RowMaximum} and {@code PowerSum}, m and S alone, serve the loss as well.
 */
package dev.shardmark.kernels.softmax;
