/**
 * What it costs to split a layer along an axis: the shard of one rank alone at any degree, and real
 * ranks together where there is a core for each.
 *
 * <p>An {@link dev.shardmark.parallel.sweep.AxisSplit} says how a layer is split and what that
 * costs by formula; a {@link dev.shardmark.parallel.sweep.Trial} runs it, alone over an {@link
 * dev.shardmark.parallel.sweep.EchoCommunicator} or on the ranks of a group.
 */
package dev.shardmark.parallel.sweep;
