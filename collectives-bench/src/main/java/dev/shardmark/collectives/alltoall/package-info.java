/**
 * All-to-all: every rank holds a block for each rank, and ends with the block that each rank had
 * for it. So tokens get to the experts of a mixture, and back.
 *
 * <p>Read {@link dev.shardmark.collectives.alltoall.AllToAll}, the contract, and {@link
 * dev.shardmark.collectives.alltoall.Blocks}, its operands; {@link
 * dev.shardmark.collectives.alltoall.DirectAllToAll}, the fast one where ranks share memory; {@link
 * dev.shardmark.collectives.alltoall.PairwiseAllToAll}, the field's for long blocks over links;
 * {@link dev.shardmark.collectives.alltoall.BruckAllToAll}, for short ones; {@link
 * dev.shardmark.collectives.alltoall.HierarchicalAllToAll}, where links inside a node are faster
 * than between nodes. {@link dev.shardmark.collectives.alltoall.AllToAllCheck} tells right from
 * wrong.
 */
package dev.shardmark.collectives.alltoall;
