/**
 * Replicas of a model, each with requests and keys and values of its own.
 *
 * <p>{@link dev.shardmark.parallel.data.Dealing} says which replica gets which request. Replicas of
 * a dense model then have nothing to say to each other: 0 bytes. Where experts are dealt over the
 * replicas they have, and {@link dev.shardmark.parallel.data.LockStep} keeps their passes together.
 * {@link dev.shardmark.parallel.data.ReplicaCheck} tells whether replicas are as separate as they
 * claim to be.
 */
package dev.shardmark.parallel.data;
