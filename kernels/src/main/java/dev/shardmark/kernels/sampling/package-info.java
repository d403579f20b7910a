/**
 * From logits to the next token. Letters: x a row of logits over V tokens, m the largest x, T the
 * temperature, e_j = e^((x_j - m) / T) the mass of token j, u a uniform random number, p and q the
 * probabilities a target and a draft model give; g(r) = r u / (1 - r u) with u = 2^-24 in bounds.
 *
 * <p>Random numbers come in, none are made here: the same numbers give the same tokens. Every draw
 * inverts the distribution function with tokens in order of their id, so that a grid of numbers
 * gives every token its share, and the whole vocabulary is never sorted.
 *
 * <p>Read the contracts {@link dev.shardmark.kernels.sampling.Sampler} with its settings {@link
 * dev.shardmark.kernels.sampling.Sampling}, {@link dev.shardmark.kernels.sampling.Speculation} and
 * {@link dev.shardmark.kernels.sampling.BeamStep}; then {@code InverseCdf}, which draws, {@code
 * Scan} and {@code Largest}, which select; {@code RowwiseSampler}, which puts them together; then
 * the Scalar and Vector classes. {@code ReferenceSampler} is the oracle of samplers; {@code
 * SamplerCheck}, {@code SpeculationCheck} and {@code BeamStepCheck} decide whether a result is
 * right.
 */
package dev.shardmark.kernels.sampling;
