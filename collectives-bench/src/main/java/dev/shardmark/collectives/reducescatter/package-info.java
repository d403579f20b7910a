/**
 * Reduce-scatter: every rank holds a vector and ends with its own chunk of the element-wise sum (or
 * maximum, or minimum) of all of them.
 *
 * <p>Read {@link dev.shardmark.collectives.reducescatter.ReduceScatter}, the contract; {@link
 * dev.shardmark.collectives.reducescatter.DirectReduceScatter}, the fast one where ranks share
 * memory; {@link dev.shardmark.collectives.reducescatter.RingReduceScatter}, the field's for large
 * vectors over links; {@link
 * dev.shardmark.collectives.reducescatter.RecursiveHalvingReduceScatter}, for small ones. {@link
 * dev.shardmark.collectives.reducescatter.ReduceScatterCheck} tells right from wrong.
 */
package dev.shardmark.collectives.reducescatter;
