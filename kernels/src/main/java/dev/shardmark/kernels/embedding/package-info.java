/**
 * From token ids to rows of a table. Letters: V ids in the vocabulary, D columns (the width of the
 * model), n ids asked for.
 *
 * <p>The way back, from rows to logits, is the product of the rows by the same table transposed: a
 * {@link dev.shardmark.kernels.gemm.Gemm} with a transposed B, and no kernel of its own.
 *
 * <p>Read {@link dev.shardmark.kernels.embedding.Embedding}, the contract; {@code ScalarEmbedding};
 * {@code VectorEmbedding}. {@code EmbeddingCheck} decides whether a result is right.
 */
package dev.shardmark.kernels.embedding;
