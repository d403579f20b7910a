package dev.shardmark.kernels.attention;

import dev.shardmark.kernels.Matrix;

/**
 * {@link Attention} for few queries over many keys: K and V are read once, in place, for all query
 * heads of their head.
 *
 * <p>Where the heads of a token lie side by side, this reads only headDim elements in a row, which
 * hardware prefetching does not follow well; a cache has them otherwise, see {@link
 * dev.shardmark.kernels.kvcache.KvPool}.
 */
final class DecodeVectorAttention implements Attention {
  private final FewQueries queries = new FewQueries();

  @Override
  public void attend(float scale, boolean causal, Heads q, Heads k, Heads v, Heads o, Matrix lse) {
    Attention.checkShapes(q, k, v, o, lse);
    if (q.heads() == 0 || q.tokens() == 0) {
      return;
    }
    for (int kvHead = 0; kvHead < k.heads(); kvHead++) {
      queries.start(scale, causal, q, kvHead, k.heads(), k.tokens());
      for (int first = 0; first < k.tokens(); first += FewQueries.KEYS) {
        int keys = Math.min(FewQueries.KEYS, k.tokens() - first);
        queries.score(k.data(), k.index(first, kvHead), k.tokenStride(), keys);
        queries.weigh(first, keys);
        queries.add(v.data(), v.index(first, kvHead), v.tokenStride(), keys);
      }
      queries.store(o, lse, kvHead);
    }
  }
}
