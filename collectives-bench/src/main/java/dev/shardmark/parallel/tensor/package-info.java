/**
 * The tensor axis: attention split by heads, MLPs by width, the vocabulary by tokens.
 *
 * <p>A linear split by columns needs nothing from others, and leaves each rank the heads or the
 * elements that the next, split by rows, multiplies by. What that leaves is a partial sum on every
 * rank, added up by one all-reduce: two a layer, of T h elements each. Norms, the residual stream
 * and the router are the same on all ranks; so are key and value heads where there are more ranks
 * than these.
 *
 * <p>Read {@link dev.shardmark.parallel.tensor.TensorShard}, which rank has what; {@link
 * dev.shardmark.parallel.tensor.MlpSublayer}; {@link
 * dev.shardmark.parallel.tensor.AttentionSublayer}; {@link
 * dev.shardmark.parallel.tensor.AllReduceExchange}, what they say; then {@code Vocabulary...}.
 *
 * <p><b>Source</b> M. Shoeybi et al., Megatron-LM, arXiv 1909.08053, 2019, section 3.
 */
package dev.shardmark.parallel.tensor;
