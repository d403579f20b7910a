/**
 * Sweeps over sizes in the conventions of nccl-tests: an {@link
 * dev.shardmark.collectives.sweep.Exercise} says what is called and whether it is right, a {@link
 * dev.shardmark.collectives.sweep.Sweep} times it at each size, a {@link
 * dev.shardmark.collectives.sweep.SweepPoint} is what comes out.
 */
package dev.shardmark.collectives.sweep;
