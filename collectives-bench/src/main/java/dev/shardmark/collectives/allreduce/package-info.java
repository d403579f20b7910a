/**
 * All-reduce: every rank holds a vector and ends with the element-wise sum (or maximum, or minimum)
 * of all of them.
 *
 * <p>Read {@link dev.shardmark.collectives.allreduce.AllReduce}, the contract; {@link
 * dev.shardmark.collectives.allreduce.ReferenceAllReduce}, the definition; {@link
 * dev.shardmark.collectives.allreduce.DirectAllReduce}, the fast one where ranks share memory;
 * {@link dev.shardmark.collectives.allreduce.RingAllReduce}, the field's for large vectors over
 * links; {@link dev.shardmark.collectives.allreduce.RecursiveDoublingAllReduce}, for short ones;
 * {@link dev.shardmark.collectives.allreduce.RabenseifnerAllReduce}, between the two. {@link
 * dev.shardmark.collectives.allreduce.AllReduceCheck} tells right from wrong.
 */
package dev.shardmark.collectives.allreduce;
