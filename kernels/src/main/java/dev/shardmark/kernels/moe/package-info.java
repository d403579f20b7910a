/**
 * Routing of a mixture of experts: which experts a token goes to, with which weights, and how rows
 * get there and back. Letters: T tokens, E experts, K experts a token (topK), D the model's width,
 * z a logit, s a sigmoid, b a bias, u = 2^-24, g(r) = r u / (1 - r u).
 *
 * <p>Read {@link dev.shardmark.kernels.moe.Router}, the contract, with {@code RoutingRule} and
 * {@code Routing}; {@code ReferenceRouter}, the oracle; {@code ScalarRouter} and {@code
 * VectorRouter}; {@code RouterCheck}, which decides whether a routing is right, by {@code Ranking}.
 * {@code Capacity} drops what is beyond a limit, {@code LoadStats} tells how uneven a routing is.
 * {@code Permutation} sorts rows by expert and {@link dev.shardmark.kernels.moe.Combine} brings
 * them back. {@link dev.shardmark.kernels.moe.ExpertChoice} is the other way round: experts choose
 * tokens.
 */
package dev.shardmark.kernels.moe;
