package dev.shardmark.parallel.serving;

import dev.shardmark.kernels.Kernels;
import dev.shardmark.kernels.Matrix;
import dev.shardmark.kernels.Variant;
import dev.shardmark.kernels.kvcache.KvAppend;
import dev.shardmark.kernels.kvcache.KvPool;
import dev.shardmark.kernels.kvcache.KvSequence;
import dev.shardmark.kernels.kvcache.KvStorage;
import java.util.Arrays;

/** Tokens that depend on every key and value so far, read from a real pool through page tables. */
public final class KvStep implements DecodeStep {
  private static final int HEADS = 2;
  private static final int DIM = 4;

  private final KvPool pool;
  private final KvSequence[] caches;
  private final int[][] tables;
  private final int[] known;
  private final boolean stale;
  private final KvAppend append = Kernels.kvAppend(Variant.SCALAR);
  private final Matrix k = Matrix.zeros(1, HEADS * DIM);
  private final Matrix v = Matrix.zeros(1, HEADS * DIM);

  /**
   * A step without requests.
   *
   * @param stale whether tables outlive the request of their slot (MU34)
   */
  public KvStep(int slots, KvPool pool, boolean stale) {
    this.pool = pool;
    caches = new KvSequence[slots];
    Arrays.setAll(caches, i -> new KvSequence(pool));
    tables = new int[slots][pool.blocks()];
    known = new int[slots];
    this.stale = stale;
  }

  public static KvPool pool(int blocks, int blockTokens) {
    return new KvPool(KvStorage.FP32, blocks, blockTokens, HEADS, DIM);
  }

  public KvPool pool() {
    return pool;
  }

  @Override
  public void iterate(Batch batch) {
    for (int place = 0; place < batch.size(); place++) {
      int prompt = batch.request(place).promptTokens();
      int said = batch.saidCount(place);
      int next = 0;
      for (int t = batch.starts(place) ? 0 : prompt + said - 1; t < prompt + said; t++) {
        int token = t < prompt ? prompt * 7 + t : batch.said(place, t - prompt);
        next = next(batch.slot(place), token);
      }
      batch.answer(place, next);
    }
  }

  private int next(int slot, int token) {
    for (int i = 0; i < HEADS * DIM; i++) {
      k.data()[k.offset() + i] = token % 31 + i;
      v.data()[v.offset() + i] = token % 29 - i;
    }
    KvSequence cache = caches[slot];
    append.append(cache, k, v);
    int blocks = Math.ceilDiv(cache.tokens(), pool.blockTokens());
    if (!stale || blocks > known[slot]) {
      for (int i = 0; i < blocks; i++) {
        tables[slot][i] = cache.block(i);
      }
      known[slot] = blocks;
    }
    float sum = 0;
    for (int t = 0; t < cache.tokens(); t++) {
      int block = tables[slot][t / pool.blockTokens()];
      for (int i = 0; i < HEADS * DIM; i++) {
        float key = pool.keyAt(block, i / DIM, t % pool.blockTokens(), i % DIM);
        float value = pool.valueAt(block, i / DIM, t % pool.blockTokens(), i % DIM);
        sum = sum * 0.875f + key * 0.5f - value * (t % 5);
      }
    }
    return Float.floatToIntBits(sum) >>> 8;
  }

  @Override
  public void release(int slot) {
    caches[slot].free();
    if (!stale) {
      known[slot] = 0;
    }
  }
}
