/**
 * Rotary position embedding. Letters: d elements of a head that are rotated, i one of its d / 2
 * pairs, p the position of a token.
 *
 * <p>Read {@link dev.shardmark.kernels.rope.Rope}, the contract; {@code RopeTable}, its angles;
 * {@code RopeLayout}, which elements are a pair; {@code ReferenceRope}, the oracle; {@code
 * ScalarRope}; then {@code InterleavedVectorRope} and {@code HalfSplitVectorRope}.
 */
package dev.shardmark.kernels.rope;
