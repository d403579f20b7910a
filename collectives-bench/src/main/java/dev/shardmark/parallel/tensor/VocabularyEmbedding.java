package dev.shardmark.parallel.tensor;

import dev.shardmark.kernels.Kernels;
import dev.shardmark.kernels.Matrix;
import dev.shardmark.kernels.Variant;
import dev.shardmark.kernels.embedding.Embedding;
import dev.shardmark.kernels.layer.LayerOperation;
import dev.shardmark.parallel.Meter;
import dev.shardmark.parallel.TokenBuffer;
import dev.shardmark.parallel.TokenExchange;

/**
 * Embedding lookup in a table of which each rank has the rows of some ids.
 *
 * <p>A rank has zeros for ids of others, so that the sum over ranks is the whole lookup, bit for
 * bit but for the sign of zeros.
 *
 * <p><b>Cost</b> what the {@link TokenExchange} says behind a sublayer: an all-reduce of T h
 * elements, or with sequence parallelism a reduce-scatter.
 *
 * <p><b>Source</b> M. Shoeybi et al., Megatron-LM, arXiv 1909.08053, 2019, section 3.
 */
public final class VocabularyEmbedding {
  private final VocabularyShard shard;
  private final Matrix table;
  private final TokenExchange exchange;
  private final Meter meter;
  private final Embedding embedding;
  private final TokenBuffer partial;

  /**
   * A lookup.
   *
   * @param table the rows of this rank's ids
   * @throws IllegalArgumentException if there are more or fewer rows than ids
   */
  public VocabularyEmbedding(
      VocabularyShard shard, Matrix table, TokenExchange exchange, Variant variant, Meter meter) {
    if (table.rows() != shard.count()) {
      throw new IllegalArgumentException(
          "a table must have a row for each id of the rank: rows="
              + table.rows()
              + " ids="
              + shard.count());
    }
    this.shard = shard;
    this.table = table;
    this.exchange = exchange;
    this.meter = meter;
    embedding = Kernels.embedding(variant);
    partial = new TokenBuffer(table.cols());
  }

  /**
   * Writes the vectors of the tokens this rank keeps.
   *
   * @param ids of all tokens of the ranks, the same on all of them
   * @param kept (T, h)
   */
  public void lookUp(int[] ids, Matrix kept) {
    Matrix sum = ids.length == kept.rows() ? kept : partial.rows(ids.length);
    long startNs = meter.now();
    embedding.lookUp(table, shard.first(), shard.vocabulary(), ids, sum);
    meter.computed(LayerOperation.EMBEDDING, startNs);
    exchange.leave(sum, kept);
  }
}
