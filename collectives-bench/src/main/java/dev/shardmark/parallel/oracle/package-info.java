/**
 * Whole layers in double, with the error that ranks may make together.
 *
 * <p>Nothing here is split, and nothing is fast. {@link dev.shardmark.parallel.oracle.OracleLayer}
 * computes a layer from its formulas, by weights that {@code LayerWeightSource} makes for it as for
 * every rank, and bounds what float kernels may be off, in whatever order ranks add things up:
 * {@code oracle.run(x, tokens).output().worst(what came out)} is at most 1.
 */
package dev.shardmark.parallel.oracle;
