/**
 * Normalisation of the rows of a matrix. Letters: n columns of a row, index j; x the row, w its
 * weight, b its bias.
 *
 * <p>Read the contracts {@link dev.shardmark.kernels.norm.RmsNorm} and {@link
 * dev.shardmark.kernels.norm.LayerNorm}; then {@code ReferenceNorm}, the oracle of both; then the
 * Scalar and the Vector class of each.
 */
package dev.shardmark.kernels.norm;
