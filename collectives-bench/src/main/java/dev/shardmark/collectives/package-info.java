/**
 * Collective operations between the ranks of one group.
 *
 * <p>A <em>rank</em> is one participant: in this process, a platform thread. p is the number of
 * ranks, n the length of one rank's buffer in elements, S its size in bytes. A buffer is cut into p
 * <em>chunks</em>, one per rank; a <em>step</em> is one synchronisation in the life of a
 * collective.
 *
 * <p>Read {@link dev.shardmark.collectives.Communicator} for what a rank can do, {@link
 * dev.shardmark.collectives.RankGroup} for who runs it, {@link dev.shardmark.collectives.Rank} for
 * what algorithms are made of, and {@link dev.shardmark.collectives.Traffic} for what they cost.
 */
package dev.shardmark.collectives;
