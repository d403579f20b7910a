/**
 * Transformer layers split over ranks, forward: kernels and a {@code Communicator}, nothing else.
 *
 * <p>A rank's layer is {@code r = x + attention(norm(x))}, {@code y = r + mlp(norm(r))} over the
 * tokens it holds. What it holds of weights and tokens differs from axis to axis; each axis is a
 * {@link dev.shardmark.parallel.Sublayer}, or a part that one is made with:
 *
 * <ul>
 *   <li>tensor and sequence: a {@link dev.shardmark.parallel.TokenExchange} around linears that are
 *       split by columns and then by rows;
 *   <li>context: an {@link dev.shardmark.parallel.AttentionCore} that asks other ranks for keys;
 *   <li>expert: a sublayer that sends tokens to the ranks whose experts they chose;
 *   <li>pipeline and data: stages and replicas of whole layers.
 * </ul>
 *
 * <p>So grids are compositions: {@link dev.shardmark.parallel.grid}. Letters: T tokens of a rank, h
 * the model's width, a query heads, k key and value heads, d elements of a head, f the width of an
 * MLP, E experts, K experts a token; t, c, e, p, D ranks of the tensor, context, expert, pipeline
 * and data axis.
 */
package dev.shardmark.parallel;
