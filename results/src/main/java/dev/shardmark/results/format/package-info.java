/**
 * The run format: one JSON document per run, these records, and the published schema {@code
 * run.schema.json} beside them; {@link dev.shardmark.results.format.RunJson} writes and reads it.
 * Read {@link dev.shardmark.results.format.Run} first, then {@link
 * dev.shardmark.results.format.Row}.
 */
package dev.shardmark.results.format;
