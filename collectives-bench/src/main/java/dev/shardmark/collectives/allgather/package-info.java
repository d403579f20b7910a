/**
 * All-gather: every rank holds a chunk of a vector and ends with the whole of it.
 *
 * <p>Read {@link dev.shardmark.collectives.allgather.AllGather}, the contract; {@link
 * dev.shardmark.collectives.allgather.DirectAllGather}, the fast one where ranks share memory;
 * {@link dev.shardmark.collectives.allgather.RingAllGather}, the field's for large vectors over
 * links; {@link dev.shardmark.collectives.allgather.RecursiveDoublingAllGather} and {@link
 * dev.shardmark.collectives.allgather.BruckAllGather}, for small ones. {@link
 * dev.shardmark.collectives.allgather.AllGatherCheck} tells right from wrong.
 */
package dev.shardmark.collectives.allgather;
