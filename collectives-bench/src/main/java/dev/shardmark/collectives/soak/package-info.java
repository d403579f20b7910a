/**
 * Runs random collectives for as long as one likes, with failures on purpose, and checks every
 * result: {@link dev.shardmark.collectives.soak.Soak}.
 */
package dev.shardmark.collectives.soak;
