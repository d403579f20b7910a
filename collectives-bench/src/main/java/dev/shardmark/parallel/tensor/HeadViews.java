package dev.shardmark.parallel.tensor;

import dev.shardmark.kernels.Matrix;
import dev.shardmark.kernels.attention.Heads;
import dev.shardmark.parallel.Tokens;

/** A rank's heads of some tokens, by sequence and by row, where the projections leave them. */
final class HeadViews {
  private final Tokens tokens;
  private final int headDim;
  private final Matrix fused;
  private final Matrix mixed;
  private final Matrix turned;
  private final Heads[] q;
  private final Heads[] k;
  private final Heads[] v;
  private final Heads[] o;
  private final Matrix[] queriesOfRows;
  private final Matrix[] keysOfRows;

  /**
   * Views.
   *
   * @param fused queries, keys and values side by side
   * @param mixed what attention makes of them
   */
  HeadViews(TensorShard shard, Tokens tokens, Matrix fused, Matrix mixed) {
    this.tokens = tokens;
    this.fused = fused;
    this.mixed = mixed;
    headDim = shard.spec().headDim();
    int heads = shard.heads();
    int kvHeads = shard.kvHeads();
    turned =
        new Matrix(
            fused.data(),
            fused.offset(),
            fused.rows(),
            (heads + kvHeads) * headDim,
            fused.rowStride());
    q = bySequence(fused, 0, heads);
    k = bySequence(fused, heads, kvHeads);
    v = bySequence(fused, heads + kvHeads, kvHeads);
    o = bySequence(mixed, 0, heads);
    queriesOfRows = byRow(0, heads);
    keysOfRows = byRow(heads, kvHeads);
  }

  private Heads[] bySequence(Matrix m, int first, int count) {
    Heads[] heads = new Heads[tokens.sequences()];
    for (int s = 0; s < heads.length; s++) {
      int at = tokens.counts()[s] == 0 ? m.offset() : at(m, tokens.firstRow(s), first);
      heads[s] =
          new Heads(m.data(), at, tokens.counts()[s], count, headDim, m.rowStride(), headDim);
    }
    return heads;
  }

  private Matrix[] byRow(int first, int count) {
    Matrix[] rows = new Matrix[tokens.rows()];
    for (int i = 0; i < rows.length; i++) {
      rows[i] = new Matrix(fused.data(), at(fused, i, first), count, headDim, headDim);
    }
    return rows;
  }

  private int at(Matrix m, int row, int head) {
    return m.offset() + row * m.rowStride() + head * headDim;
  }

  Tokens tokens() {
    return tokens;
  }

  /** Queries, keys and values of all tokens. */
  Matrix fused() {
    return fused;
  }

  /** Queries and keys of all tokens, which have rotary positions. */
  Matrix turned() {
    return turned;
  }

  /** What attention makes of all tokens. */
  Matrix mixed() {
    return mixed;
  }

  Heads[] q() {
    return q;
  }

  Heads[] k() {
    return k;
  }

  Heads[] v() {
    return v;
  }

  Heads[] o() {
    return o;
  }

  /** The queries of each token, a head a row. */
  Matrix[] queriesOfRows() {
    return queriesOfRows;
  }

  /** The keys of each token, a head a row. */
  Matrix[] keysOfRows() {
    return keysOfRows;
  }
}
