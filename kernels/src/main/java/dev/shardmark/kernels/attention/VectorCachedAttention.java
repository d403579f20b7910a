package dev.shardmark.kernels.attention;

import dev.shardmark.kernels.AlignedFloats;
import dev.shardmark.kernels.Matrix;
import dev.shardmark.kernels.kvcache.KvPool;
import dev.shardmark.kernels.kvcache.KvSequence;
import dev.shardmark.kernels.kvcache.KvStorage;
import dev.shardmark.kernels.math.Bf16;

/**
 * {@link CachedAttention} with the Vector API: head by head, because only the queries of one head
 * and their O fit into L1 beside the stream of keys, and a head lies in long runs (see {@link
 * KvPool}).
 *
 * <p>bf16 is widened a few keys at a time into scratch that stays in L1, once for all queries, and
 * what follows is the fp32 code: its stream is a plain copy, the best one to prefetch, and no
 * conversion stands in the loops over queries.
 */
public final class VectorCachedAttention implements CachedAttention {
  /** Keys widened at once: a multiple of four; with 128 elements a head 8 KiB of fp32. */
  private static final int WIDENED_KEYS = 16;

  private final FewQueries queries = new FewQueries();
  private float[] wide = new float[0];

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
    KvPool pool = cache.pool();
    if (q.heads() == 0 || q.tokens() == 0) {
      return;
    }
    if (pool.storage() == KvStorage.BF16
        && wide.length - AlignedFloats.START < WIDENED_KEYS * pool.headDim()) {
      wide = AlignedFloats.allocate((long) WIDENED_KEYS * pool.headDim());
    }
    for (int kvHead = 0; kvHead < pool.kvHeads(); kvHead++) {
      queries.start(scale, causal, q, kvHead, pool.kvHeads(), cache.tokens());
      for (int first = from; first < to; first += FewQueries.KEYS) {
        int keys = Math.min(FewQueries.KEYS, to - first);
        for (int j = 0, run; j < keys; j += run) {
          run = cache.run(first + j, keys - j);
          score(pool, cache.index(first + j, kvHead), run, j);
        }
        queries.weigh(first, keys);
        for (int j = 0, run; j < keys; j += run) {
          run = cache.run(first + j, keys - j);
          add(pool, cache.index(first + j, kvHead), run, j);
        }
      }
      queries.store(o, lse, kvHead);
    }
  }

  private void score(KvPool pool, int at, int keys, int first) {
    int dim = pool.headDim();
    if (pool.storage() == KvStorage.FP32) {
      queries.score(pool.keys(), at, dim, keys, first);
      return;
    }
    for (int j = 0; j < keys; j += WIDENED_KEYS) {
      int some = Math.min(WIDENED_KEYS, keys - j);
      Bf16.widen(pool.bf16Keys(), at + j * dim, wide, AlignedFloats.START, some * dim);
      queries.score(wide, AlignedFloats.START, dim, some, first + j);
    }
  }

  private void add(KvPool pool, int at, int keys, int first) {
    int dim = pool.headDim();
    if (pool.storage() == KvStorage.FP32) {
      queries.add(pool.values(), at, dim, keys, first);
      return;
    }
    for (int j = 0; j < keys; j += WIDENED_KEYS) {
      int some = Math.min(WIDENED_KEYS, keys - j);
      Bf16.widen(pool.bf16Values(), at + j * dim, wide, AlignedFloats.START, some * dim);
      queries.add(wide, AlignedFloats.START, dim, some, first + j);
    }
  }
}
