package dev.shardmark.jmh;

import dev.shardmark.kernels.kvcache.KvPool;
import dev.shardmark.kernels.kvcache.KvSequence;
import dev.shardmark.kernels.kvcache.KvStorage;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;

/** Where a decode benchmark finds keys and values. */
public record DecodeCache(Layout layout, KvStorage storage) {
  /** How a cache lies in memory. */
  public enum Layout {
    /** No cache: rows of tokens as a projection leaves them, the heads of a token side by side. */
    NONE,
    /** Large blocks in ascending order: the panels of a head in a row. */
    CONTIGUOUS,
    /** Blocks of {@link KvPool#BLOCK_TOKENS} tokens in no order. */
    PAGED
  }

  /**
   * The cache two parameters name.
   *
   * @throws IllegalArgumentException naming the accepted values, if there is none
   */
  public static DecodeCache of(String cache, String storage) {
    Layout layout =
        switch (cache) {
          case "none" -> Layout.NONE;
          case "contiguous" -> Layout.CONTIGUOUS;
          case "paged" -> Layout.PAGED;
          default ->
              throw new IllegalArgumentException(
                  "cache must be one of [none, contiguous, paged]: cache=" + cache);
        };
    KvStorage kept = KvStorage.of(storage);
    if (layout == Layout.NONE && kept != KvStorage.FP32) {
      throw new IllegalArgumentException(
          "without a cache storage must be fp32: cache=" + cache + " storage=" + storage);
    }
    return new DecodeCache(layout, kept);
  }

  /** An empty sequence over a pool with room for {@code tokens}. */
  KvSequence sequence(int tokens, int kvHeads, int headDim) {
    if (layout == Layout.CONTIGUOUS) {
      return new KvSequence(KvPool.contiguous(storage, 1, tokens, kvHeads, headDim));
    }
    int blocks = Math.ceilDiv(tokens, KvPool.BLOCK_TOKENS);
    KvPool pool = new KvPool(storage, blocks, KvPool.BLOCK_TOKENS, kvHeads, headDim);
    List<KvSequence> singles = new ArrayList<>();
    for (int i = 0; i < blocks; i++) {
      KvSequence single = new KvSequence(pool);
      single.extend(1);
      singles.add(single);
    }
    Collections.shuffle(singles, new Random(42));
    singles.forEach(KvSequence::free); // a block freed last is taken first
    return new KvSequence(pool);
  }
}
