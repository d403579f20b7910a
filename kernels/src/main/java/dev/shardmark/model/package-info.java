/**
 * Published language models as records of dimensions, and the shapes one rank is left with when a
 * model is split.
 *
 * <p>The way of one shape: {@link dev.shardmark.model.Models#of} gives a {@link
 * dev.shardmark.model.ModelConfig}; {@link dev.shardmark.model.ModelConfig#shard} splits it by a
 * {@link dev.shardmark.model.ShardPlan}; the {@link dev.shardmark.model.ModelShard} answers with
 * the {@link dev.shardmark.model.LinearShape} of each {@link dev.shardmark.model.Linear}.
 *
 * <p>Letters in formulas: T tokens, L layers, h hidden size, a query heads, k key/value heads, d
 * head size, f dense MLP width, E routed experts, K experts per token, V vocabulary. A GEMM is (m x
 * k) times (k x n).
 *
 * <p>Reading order: {@code ModelConfig}, {@code AttentionConfig} with {@code GroupedQueryAttention}
 * and {@code LatentAttention}, {@code FeedForwardConfig} with {@code DenseMlp} and {@code
 * MixtureOfExperts}, {@code Models}, {@code ShardPlan}, {@code ModelShard}.
 */
package dev.shardmark.model;
