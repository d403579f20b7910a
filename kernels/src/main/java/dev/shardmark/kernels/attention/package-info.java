/**
 * Scaled dot-product attention. Letters: T query tokens, S key and value tokens, H query heads, G
 * key and value heads, D the size of a head; indices i (query), h (head), j (key), d.
 *
 * <p>One head weighs the values with a softmax over the keys, {@code O_i = sum_j p_ij V_j} with
 * {@code p_ij = exp(s_ij - lse_i)}, {@code s_ij = scale Q_i K_j} and {@code lse_i = log sum_j exp
 * s_ij}. Two results over disjoint keys and their lse hold all that the result over all keys needs.
 *
 * <p>Read {@link dev.shardmark.kernels.attention.Attention}, the contract, over {@link
 * dev.shardmark.kernels.attention.Heads} views; {@code ReferenceAttention}, the oracle; {@code
 * ScalarAttention}; then {@code VectorAttention}, which chooses between {@code
 * TiledVectorAttention} (many queries, on {@code PanelAttention}) and {@code DecodeVectorAttention}
 * (few, with {@code FewQueries} and {@code FourKeys}). {@code AttentionCheck} decides whether a
 * result is right.
 *
 * <p>{@link dev.shardmark.kernels.attention.CachedAttention} is the contract of decoding over a
 * cache, which {@code ScalarCachedAttention} and {@code VectorCachedAttention} (on {@code
 * PanelAttention}) keep; {@code SplitAttention} cuts the keys into parts.
 */
package dev.shardmark.kernels.attention;
