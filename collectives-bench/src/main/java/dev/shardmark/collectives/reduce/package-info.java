/**
 * Reduce: every rank holds a vector, and one, the root, ends with the element-wise sum (or maximum,
 * or minimum) of all of them.
 *
 * <p>Read {@link dev.shardmark.collectives.reduce.Reduce}, the contract; {@link
 * dev.shardmark.collectives.reduce.DirectReduce}, the fast one where ranks share memory; {@link
 * dev.shardmark.collectives.reduce.BinomialReduce}, the field's over links. {@link
 * dev.shardmark.collectives.reduce.ReduceCheck} tells right from wrong.
 */
package dev.shardmark.collectives.reduce;
