package dev.shardmark.kernels.attention;

import dev.shardmark.kernels.Matrix;

/** {@link Attention} with the Vector API: in place for few queries, tiled for many. */
public final class VectorAttention implements Attention {
  /** Queries of a head of K, heads of the group counted, that pay for packing K and V. */
  static final int TILED_FROM_QUERIES = 16;

  private final Attention decode = new DecodeVectorAttention();
  private final Attention tiled = new TiledVectorAttention();

  @Override
  public void attend(float scale, boolean causal, Heads q, Heads k, Heads v, Heads o, Matrix lse) {
    Attention.checkShapes(q, k, v, o, lse);
    long queries = k.heads() == 0 ? 0 : (long) q.tokens() * (q.heads() / k.heads());
    Attention path = queries < TILED_FROM_QUERIES ? decode : tiled;
    path.attend(scale, causal, q, k, v, o, lse);
  }
}
