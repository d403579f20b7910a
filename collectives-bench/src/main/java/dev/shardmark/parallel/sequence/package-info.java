/**
 * The sequence axis of Megatron-LM: what tensor ranks would all do to all tokens, norms and
 * residual, each does to a t-th of them.
 *
 * <p>The all-reduce behind two linears becomes the two halves it is made of: a reduce-scatter that
 * leaves each rank the sums of its own tokens, and, before the next linears, an all-gather. The
 * bytes are the same, the activations kept between linears a t-th.
 *
 * <p>Read {@link dev.shardmark.parallel.sequence.ScatterExchange}; then {@link
 * dev.shardmark.parallel.sequence.RingMlpSublayer}, where products and exchanges are cut into steps
 * of one ring.
 *
 * <p><b>Source</b> V. Korthikanti et al., Reducing Activation Recomputation in Large Transformer
 * Models, arXiv 2205.05198, 2022, section 4.2.2.
 */
package dev.shardmark.parallel.sequence;
