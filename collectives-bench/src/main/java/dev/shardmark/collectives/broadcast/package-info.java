/**
 * Broadcast: every rank ends with the vector of one, the root.
 *
 * <p>Read {@link dev.shardmark.collectives.broadcast.Broadcast}, the contract; {@link
 * dev.shardmark.collectives.broadcast.DirectBroadcast}, the fast one where ranks share memory;
 * {@link dev.shardmark.collectives.broadcast.BinomialBroadcast}, the field's for small vectors over
 * links; {@link dev.shardmark.collectives.broadcast.PipelinedChainBroadcast} and {@link
 * dev.shardmark.collectives.broadcast.ScatterAllGatherBroadcast}, for large ones. {@link
 * dev.shardmark.collectives.broadcast.BroadcastCheck} tells right from wrong.
 */
package dev.shardmark.collectives.broadcast;
