package dev.shardmark.kernels.attention;

import static dev.shardmark.kernels.AlignedFloats.START;
import static dev.shardmark.kernels.gemm.MicroKernel.KC;
import static dev.shardmark.kernels.gemm.MicroKernel.NR;

import dev.shardmark.kernels.AlignedFloats;
import dev.shardmark.kernels.Matrix;
import dev.shardmark.kernels.gemm.MicroKernel;
import dev.shardmark.kernels.kvcache.KvPool;
import dev.shardmark.kernels.kvcache.KvSequence;
import dev.shardmark.kernels.kvcache.KvStorage;
import dev.shardmark.kernels.math.Bf16;

/**
 * {@link CachedAttention} with the Vector API: head by head, because only the queries of one head
 * and their O fit into L1 beside the stream of keys, and block by block, whose panels {@link
 * PanelAttention} multiplies where they lie.
 *
 * <p>The panels of bf16 are widened some tokens at a time into scratch, once for all queries, and
 * what follows is the fp32 code: its stream is a plain copy, the best one to prefetch, and no
 * conversion stands in the register tile.
 */
public final class VectorCachedAttention implements CachedAttention {
  /** A multiple of every {@link MicroKernel#NR}; with 128 elements a head 64 KiB of K and V. */
  private static final int WIDENED_TOKENS = 64;

  private final PanelAttention attention = new PanelAttention();
  private float[][] wideKeys = new float[0][];
  private float[][] wideValues = new float[0][];

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
    for (int kvHead = 0; kvHead < pool.kvHeads(); kvHead++) {
      attention.start(scale, causal, q, 0, q.tokens(), kvHead, pool.kvHeads(), cache.tokens());
      for (int first = from - from % blockTokens; first < to; first += blockTokens) {
        int block = cache.block(first / blockTokens);
        int begin = Math.max(0, from - first);
        int end = Math.min(blockTokens, to - first);
        if (pool.storage() == KvStorage.BF16) {
          widenAndAttend(pool, block, kvHead, first, begin, end);
        } else {
          float[][] keys = pool.keyPanels(block, kvHead);
          attention.keys(first, begin, end, keys, 0, pool.valueStrips(block, kvHead), 0);
        }
      }
      attention.store(o, lse);
    }
  }

  /** Attends to a bf16 block: whole panels of K are widened, and V up to the last token. */
  private void widenAndAttend(KvPool pool, int block, int kvHead, int first, int begin, int end) {
    short[][] keys = pool.bf16KeyPanels(block, kvHead);
    short[][] values = pool.bf16ValueStrips(block, kvHead);
    wideKeys = grown(wideKeys, WIDENED_TOKENS / NR * pool.panelsOfToken());
    wideValues = grown(wideValues, values.length);
    for (int t = begin - begin % WIDENED_TOKENS; t < end; t += WIDENED_TOKENS) {
      int tokens = Math.min(WIDENED_TOKENS, end - t);
      int firstPanel = t / NR * pool.panelsOfToken();
      for (int i = 0; i < Math.ceilDiv(tokens, NR) * pool.panelsOfToken(); i++) {
        short[] panel = keys[firstPanel + i];
        Bf16.widen(panel, Bf16.START, wideKeys[i], START, panel.length - Bf16.START);
      }
      for (int i = 0; i < values.length; i++) {
        Bf16.widen(values[i], Bf16.START + t * NR, wideValues[i], START, tokens * NR);
      }
      int from = Math.max(0, begin - t);
      attention.keys(first + t, from, tokens, wideKeys, 0, wideValues, 0);
    }
  }

  /** At least {@code count} panels, each as long as any. */
  private static float[][] grown(float[][] panels, int count) {
    if (panels.length >= count) {
      return panels;
    }
    float[][] grown = new float[count][];
    for (int i = 0; i < count; i++) {
      grown[i] = AlignedFloats.allocate((long) KC * NR);
    }
    return grown;
  }
}
