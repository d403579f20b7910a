/**
 * What happens element by element between two linears. Letters: x an element, u = 2^-24, g(r) = r u
 * / (1 - r u); Phi the distribution function of the standard normal.
 *
 * <p>Read the contracts {@link dev.shardmark.kernels.activation.SwiGlu}, {@link
 * dev.shardmark.kernels.activation.Gelu} with {@code GeluForm}, and {@link
 * dev.shardmark.kernels.activation.ResidualAdd}; then {@code ReferenceActivation} with {@code
 * ReferenceNormal}, the oracle of all; then the Scalar and the Vector class of each.
 */
package dev.shardmark.kernels.activation;
