/**
 * Matrix multiply. Letters: m rows of A and C, n columns of B and C, k the summed dimension,
 * indices i, j, p; MR x NR the register tile, mc, kc, nc the cache blocks.
 *
 * <p>Read {@link dev.shardmark.kernels.gemm.Gemm}, the contract; {@code ReferenceGemm}, the oracle;
 * {@code ScalarGemm}; then {@code VectorGemm}, which chooses between {@code SkinnyVectorGemm} and
 * {@code BlockedVectorGemm} (with {@code Packing}, {@code Blocking} and a {@code MicroKernel}).
 * {@code GemmCheck} decides whether a large product is right.
 */
package dev.shardmark.kernels.gemm;
