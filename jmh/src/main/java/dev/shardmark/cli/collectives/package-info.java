/**
 * The targets of collectives: a {@link dev.shardmark.cli.collectives.Measurement} times them and
 * their peers turn by turn, {@link dev.shardmark.cli.collectives.Figures} are what comes out and
 * what a file keeps, {@link dev.shardmark.cli.collectives.CollectiveTargets} say what is met.
 */
package dev.shardmark.cli.collectives;
