/**
 * Matrix multiply. Letters: m rows of A and C, n columns of B and C, k the summed dimension,
 * indices i, j, p; MR x NR the register tile, mc, kc, nc the cache blocks.
 *
 * <p>Read {@link dev.shardmark.kernels.gemm.Gemm}, the contract; {@code ReferenceGemm}, the oracle;
 * {@code ScalarGemm}; then {@code VectorGemm}, which chooses between {@code SkinnyVectorGemm} and
 * {@code BlockedVectorGemm} (with {@code Packing}, {@code Blocking} and a {@code MicroKernel}).
 * {@code GemmCheck} decides whether a large product is right.
 *
 * <p>Weights that are packed once are a {@code PackedMatrix}, and {@code PackedVectorGemm}
 * multiplies by them; {@link dev.shardmark.kernels.gemm.GroupedGemm} does so for rows sorted by
 * expert. {@code BatchedGemm} repeats any product over a {@code MatrixBatch} of each operand.
 */
package dev.shardmark.kernels.gemm;
