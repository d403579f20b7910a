package dev.shardmark.collectives.broadcast;

import dev.shardmark.collectives.Algorithm;
import dev.shardmark.collectives.Elements;
import dev.shardmark.collectives.Rank;
import dev.shardmark.collectives.Traffic;

/**
 * An algorithm for {@code buffer[r][i] = buffer[root][i]} on every rank r.
 *
 * <p><b>Shapes</b> n elements on each of p ranks, at {@code [offset, offset + length)}.
 *
 * <p><b>Work</b> at least (p - 1) n elements stored and n loaded. busbw is algbw.
 */
public interface Broadcast extends Algorithm {
  /** Called by every rank with at least two ranks and one element. */
  void run(Rank rank, Elements buffer, int offset, int length, int root);

  /** What one call moves among {@code ranks} ranks with {@code length} fp32 elements each. */
  Traffic traffic(int ranks, int length, int root);
}
