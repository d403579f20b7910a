/**
 * What a sweep teaches: from which size on which algorithm is fastest here ({@link
 * dev.shardmark.collectives.tuning.Thresholds}), and what a step and a byte cost ({@link
 * dev.shardmark.collectives.tuning.CostFit}).
 */
package dev.shardmark.collectives.tuning;
