/**
 * Layers in stages, one rank a stage, with several micro-batches or requests under way at once.
 *
 * <p>Letters: p ranks, m micro-batches, v chunks of layers a rank holds, F micro-batches in flight,
 * T tokens of a micro-batch, h the model's width. One unit of time is one chunk of one micro-batch.
 *
 * <p>Read {@link dev.shardmark.parallel.pipeline.LayerSplit}, which layers are whose; {@link
 * dev.shardmark.parallel.pipeline.Schedule}, what each rank does at each step, as data that {@link
 * dev.shardmark.parallel.pipeline.ScheduleCheck} can judge; and {@link
 * dev.shardmark.parallel.pipeline.Pipeline}, which runs it. Forward only: a prompt in micro-batches
 * (GPipe, and the forward half of 1F1B and of its interleaved form), or the tokens of requests that
 * go through the stages again and again.
 */
package dev.shardmark.parallel.pipeline;
