package dev.shardmark.parallel.context;

import dev.shardmark.kernels.Matrix;
import dev.shardmark.kernels.attention.CachedAttention;
import dev.shardmark.kernels.attention.Heads;
import dev.shardmark.kernels.layer.LayerOperation;
import dev.shardmark.parallel.AttentionCore;
import dev.shardmark.parallel.Meter;

/**
 * What new tokens of sequences get from the keys that one rank has cached.
 *
 * <p>A query at position p sees the first p + 1 tokens, of which the cache of a rank has some: the
 * first ones, so that no mask is needed but a last key for each query.
 */
final class CachedPart {
  private final StripedCache cache;
  private final CachedAttention kernel;
  private final Meter meter;
  private final float scale;
  private final TokenSlice[][] q;
  private final Heads[][] o;
  private final Matrix[][] lse;

  /** Leaves results in {@code partials}. */
  CachedPart(
      StripedCache cache,
      AttentionShape shape,
      CachedAttention kernel,
      Partials partials,
      Meter meter) {
    this.cache = cache;
    this.kernel = kernel;
    this.meter = meter;
    scale = AttentionCore.scale(shape.headDim());
    q = new TokenSlice[shape.sequences()][];
    o = new Heads[q.length][];
    lse = new Matrix[q.length][];
    for (int i = 0; i < q.length; i++) {
      int tokens = shape.tokens().get(i);
      int heads = shape.heads();
      q[i] = new TokenSlice[tokens];
      o[i] = new Heads[tokens];
      lse[i] = new Matrix[tokens];
      Matrix all = partials.lse(i);
      for (int t = 0; t < tokens; t++) {
        q[i][t] = new TokenSlice(t, 1);
        o[i][t] = partials.o(i).slice(t, 1);
        lse[i][t] = new Matrix(all.data(), all.offset() + t * heads, 1, heads, heads);
      }
    }
  }

  /** Appends the new tokens of a sequence and attends to what this rank has. */
  void attend(int i, Heads queries, Heads k, Heads v) {
    long startNs = meter.now();
    int first = cache.tokens(i);
    cache.append(i, k, v);
    meter.computed(LayerOperation.KV_APPEND, startNs);
    startNs = meter.now();
    for (int t = 0; t < q[i].length; t++) {
      int seen = cache.cached(first + t + 1);
      kernel.attendPart(
          scale, false, q[i][t].of(queries), cache.part(i), 0, seen, o[i][t], lse[i][t]);
    }
    meter.computed(LayerOperation.ATTENTION, startNs);
  }
}
