/**
 * What one rank computes. Every kernel is single-threaded, keeps no shared mutable state, and an
 * instance that owns scratch belongs to one rank; more cores means more ranks.
 *
 * <p>Operands are {@link dev.shardmark.kernels.Matrix} views, checked when they are made. A package
 * per operation holds its contract, the Reference (double, the oracle), Scalar and Vector variants;
 * {@link dev.shardmark.kernels.Kernels} selects one. {@link dev.shardmark.kernels.Work} counts what
 * a call must do at least.
 */
package dev.shardmark.kernels;
