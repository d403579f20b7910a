/**
 * What claims need that no row of a run says: numbers that follow from the published models, from
 * the plans that split them, and from formulas of schedules and of training. {@link
 * dev.shardmark.cli.claims.ConfigurationFacts} has all of them.
 */
package dev.shardmark.cli.claims;
