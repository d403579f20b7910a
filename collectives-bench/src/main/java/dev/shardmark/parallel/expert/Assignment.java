package dev.shardmark.parallel.expert;

import dev.shardmark.kernels.Matrix;
import dev.shardmark.kernels.moe.Routing;

/**
 * Which experts the tokens of a rank go to, and with which weights.
 *
 * <p><b>Threading</b> one thread, one instance per rank. Nothing is allocated from the second call
 * with as many tokens on.
 */
@FunctionalInterface
public interface Assignment {
  /** Of normalised tokens, (T, h); valid until the next call. */
  Routing assign(Matrix normed);
}
