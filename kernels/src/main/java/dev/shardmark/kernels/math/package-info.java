/**
 * Elementary functions of vectors, written out so that they compile into the loop that calls them.
 *
 * <p>Read {@link dev.shardmark.kernels.math.VectorExp}.
 */
package dev.shardmark.kernels.math;
