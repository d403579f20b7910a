/**
 * Where decoding finds the keys and values of earlier tokens. Letters: T new tokens, S tokens so
 * far, G key and value heads, D the size of a head.
 *
 * <p>Read {@link dev.shardmark.kernels.kvcache.KvPool}, the memory and its layout; {@link
 * dev.shardmark.kernels.kvcache.KvSequence}, the table of a sequence's blocks; and {@link
 * dev.shardmark.kernels.kvcache.KvAppend}, the contract that {@code ScalarKvAppend} and {@code
 * VectorKvAppend} keep. {@code KvAppendCheck} decides whether a cache holds what it should. A layer
 * has its own pool. Attention over a cache is in {@code dev.shardmark.kernels.attention}.
 */
package dev.shardmark.kernels.kvcache;
