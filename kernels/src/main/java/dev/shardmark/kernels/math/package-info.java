/**
 * Elementary functions of vectors, written out so that they compile into the loop that calls them.
 *
 * <p>Read {@link dev.shardmark.kernels.math.VectorExp}, and {@link
 * dev.shardmark.kernels.math.Bf16}, whose oracle is {@code ReferenceBf16}.
 */
package dev.shardmark.kernels.math;
