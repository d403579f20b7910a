/**
 * One whole layer of a decoder, composed of this project's kernels: attention, then an MLP or
 * experts, each behind a norm and beside a residual connection. Letters: B sequences, T new tokens
 * of each, R = B T rows, S tokens cached of each before, h the model's width, a query heads, g key
 * and value heads, d the size of a head, f the width of an MLP, E experts, K experts a token.
 *
 * <p>{@link dev.shardmark.kernels.layer.LayerShape} says how large it all is and what work each
 * {@link dev.shardmark.kernels.layer.LayerOperation} is; {@code LayerWeights} holds the weights;
 * {@link dev.shardmark.kernels.layer.TransformerLayer} runs the steps that {@code AttentionSteps}
 * and {@code MlpSteps} make. Each step can check its own result against the Reference of its
 * kernel, and {@link dev.shardmark.kernels.layer.Bounded} follows errors through all of them.
 */
package dev.shardmark.kernels.layer;
