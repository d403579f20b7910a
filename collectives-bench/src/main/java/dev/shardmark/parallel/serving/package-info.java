/**
 * Which requests a rank computes at each iteration, and where their keys and values find room.
 *
 * <p>{@link dev.shardmark.parallel.serving.Trace} says which requests come when; a {@link
 * dev.shardmark.parallel.serving.Batching}, static or continuous, puts them in slots; a {@link
 * dev.shardmark.parallel.serving.DecodeStep} computes one {@link
 * dev.shardmark.parallel.serving.Batch} of them; a {@link dev.shardmark.parallel.serving.KvMemory},
 * contiguous or paged, decides how many fit. {@link dev.shardmark.parallel.serving.Served} is what
 * came of it, and {@link dev.shardmark.parallel.serving.ServingCheck} judges that. {@link
 * dev.shardmark.parallel.serving.KvHandOver} takes a prompt's keys and values from the rank that
 * computed it to the one that decodes.
 */
package dev.shardmark.parallel.serving;
