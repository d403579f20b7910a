/**
 * From samples to quantities: {@link dev.shardmark.results.unit.ForkMedians} reduces them, {@link
 * dev.shardmark.results.unit.Roofline} says what the machine allows, {@link
 * dev.shardmark.results.unit.FigureCalculator} relates the two, and {@link
 * dev.shardmark.results.unit.Quantity} writes the result for people.
 *
 * <p>Throughout, 1 GFLOP/s is 1e9 floating-point operations a second, an FMA counting 2, and 1 GB/s
 * is 1e9 bytes a second; sizes of memory are in KiB (1024 bytes).
 */
package dev.shardmark.results.unit;
