package dev.shardmark.parallel;

import dev.shardmark.kernels.Matrix;

/**
 * What tensor ranks say to each other around a linear split by columns and one split by rows.
 *
 * <p>{@code f} and {@code g} of Megatron-LM (M. Shoeybi et al., arXiv 1909.08053, section 3), or
 * their counterparts of sequence parallelism (V. Korthikanti et al., arXiv 2205.05198, section
 * 4.2.2).
 */
public interface TokenExchange {
  /** Tokens of the linears, of so many that this rank keeps; the same on all ranks. */
  int gathered(int kept);

  /**
   * The tokens of all ranks, (gathered, h), from those this rank keeps, (kept, h); may be {@code
   * kept} itself, and is valid until the next call.
   */
  Matrix enter(Matrix kept);

  /** Adds the ranks' partial sums, (gathered, h), and leaves each the tokens it keeps. */
  void leave(Matrix partial, Matrix kept);
}
