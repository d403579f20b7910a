package dev.shardmark.kernels.attention;

import dev.shardmark.kernels.Matrix;
import dev.shardmark.kernels.kvcache.KvPool;
import dev.shardmark.kernels.kvcache.KvSequence;
import dev.shardmark.kernels.kvcache.KvStorage;

/**
 * {@link CachedAttention} with the Vector API: head by head, because only the queries of one head
 * and their O fit into L1 beside the stream of keys, and block by block, whose panels {@link
 * PanelAttention} multiplies where they lie.
 */
public final class VectorCachedAttention implements CachedAttention {
  private final PanelAttention attention = new PanelAttention();
  private final WidePanels.Fp32 keys = new WidePanels.Fp32();
  private final WidePanels.Fp32 values = new WidePanels.Fp32();
  private final WidePanels.Bf16 bf16Keys = new WidePanels.Bf16();
  private final WidePanels.Bf16 bf16Values = new WidePanels.Bf16();

  @Override
  public void attendPart(
      float scale,
      boolean causal,
      Heads q,
      KvSequence cache,
      int from,
      int to,
      Heads o,
      Matrix lse) {
    CachedAttention.checkShapes(q, cache, from, to, o, lse);
    if (q.heads() == 0 || q.tokens() == 0) {
      return;
    }
    KvPool pool = cache.pool();
    int blockTokens = pool.blockTokens();
    boolean bf16 = pool.storage() == KvStorage.BF16;
    for (int kvHead = 0; kvHead < pool.kvHeads(); kvHead++) {
      attention.start(
          bf16, scale, causal, q, 0, q.tokens(), kvHead, pool.kvHeads(), cache.tokens());
      for (int first = from - from % blockTokens; first < to; first += blockTokens) {
        int block = cache.block(first / blockTokens);
        int begin = Math.max(0, from - first);
        int end = Math.min(blockTokens, to - first);
        attention.keys(
            first, begin, end, keys(pool, block, kvHead), 0, values(pool, block, kvHead), 0);
      }
      attention.store(o, lse);
    }
  }

  private WidePanels keys(KvPool pool, int block, int kvHead) {
    return pool.storage() == KvStorage.BF16
        ? bf16Keys.of(pool.bf16KeyPanels(block, kvHead))
        : keys.of(pool.keyPanels(block, kvHead));
  }

  private WidePanels values(KvPool pool, int block, int kvHead) {
    return pool.storage() == KvStorage.BF16
        ? bf16Values.of(pool.bf16ValueStrips(block, kvHead))
        : values.of(pool.valueStrips(block, kvHead));
  }
}
