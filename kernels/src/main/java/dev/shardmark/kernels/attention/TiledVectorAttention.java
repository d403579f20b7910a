package dev.shardmark.kernels.attention;

import static dev.shardmark.kernels.AlignedFloats.START;
import static dev.shardmark.kernels.attention.ScoreTile.QUERIES;

import dev.shardmark.kernels.AlignedFloats;
import dev.shardmark.kernels.Matrix;
import java.util.Arrays;

/**
 * {@link Attention} for many queries: panels of {@link ScoreTile#QUERIES} queries pass over tiles
 * of {@value #KEYS} keys with a running maximum, and divide by the sum of weights at the end.
 *
 * <p>A lane is a query: scores, weights and O are transposed, so that no step reduces or moves
 * lanes. All query heads of a key head lie in the same panels. K and V of one head are copied close
 * together first, which pays because every panel reads them. A tile that no query of a panel sees
 * is skipped; one that all of them see is not masked. Scratch belongs to the instance and grows to
 * the largest call.
 *
 * <p>After T. Dao et al., FlashAttention, 2022, and T. Dao, FlashAttention-2, 2023.
 */
final class TiledVectorAttention implements Attention {
  /** A multiple of {@link ScoreTile#KEYS}; its weights take 12 KiB with vectors of 512 bits. */
  private static final int KEYS = 96;

  private final ScoreTile scoreTile = new ScoreTile();
  private final ValueTile valueTile = new ValueTile();
  private final LaneSoftmax softmax = new LaneSoftmax();
  private final float[] scores = AlignedFloats.allocate((long) KEYS * QUERIES);
  private final float[] seen = AlignedFloats.allocate(QUERIES);
  private final int[] visible = new int[QUERIES];
  private float[] packedK = new float[0];
  private float[] packedV = new float[0];
  private float[] panelQ = new float[0];
  private float[] panelO = new float[0];

  @Override
  public void attend(float scale, boolean causal, Heads q, Heads k, Heads v, Heads o, Matrix lse) {
    Attention.checkShapes(q, k, v, o, lse);
    if (k.heads() == 0) {
      return;
    }
    int dim = q.headDim();
    int dims = Math.ceilDiv(dim, ValueTile.DIMS) * ValueTile.DIMS;
    long keys = Math.ceilDiv((long) k.tokens(), ScoreTile.KEYS) * ScoreTile.KEYS;
    packedK = grown(packedK, keys * dim);
    packedV = grown(packedV, keys * dims);
    panelQ = grown(panelQ, (long) dim * QUERIES);
    panelO = grown(panelO, (long) dims * QUERIES);
    int group = q.heads() / k.heads();
    long slots = (long) q.tokens() * group;
    for (int kvHead = 0; kvHead < k.heads() && slots > 0; kvHead++) {
      pack(k, kvHead, packedK, dim);
      pack(v, kvHead, packedV, dims);
      for (long slot = 0; slot < slots; slot += QUERIES) {
        int lanes = (int) Math.min(QUERIES, slots - slot);
        panel(scale, causal, q, kvHead, group, slot, lanes, k.tokens(), o, lse);
      }
    }
  }

  /** Attends with the queries of some slots; a slot is a token and one head of the group. */
  private void panel(
      float scale,
      boolean causal,
      Heads q,
      int kvHead,
      int group,
      long slot,
      int lanes,
      int kvTokens,
      Heads o,
      Matrix lse) {
    int dim = q.headDim();
    if (lanes < QUERIES) {
      Arrays.fill(panelQ, 0);
    }
    int least = kvTokens;
    int most = 0;
    for (int lane = 0; lane < lanes; lane++) {
      int token = (int) ((slot + lane) / group);
      int head = kvHead * group + (int) ((slot + lane) % group);
      int from = q.index(token, head);
      for (int d = 0; d < dim; d++) {
        panelQ[START + d * QUERIES + lane] = scale * q.data()[from + d];
      }
      visible[lane] = Attention.visible(token, q.tokens(), kvTokens, causal);
      least = Math.min(least, visible[lane]);
      most = Math.max(most, visible[lane]);
    }
    softmax.clear();
    Arrays.fill(panelO, 0);
    for (int first = 0; first < most; first += KEYS) {
      tile(first, Math.min(KEYS, most - first), dim, least);
    }
    for (int lane = 0; lane < lanes; lane++) {
      int token = (int) ((slot + lane) / group);
      int head = kvHead * group + (int) ((slot + lane) % group);
      store(lane, o.data(), o.index(token, head), dim);
      lse.data()[lse.offset() + token * lse.rowStride() + head] =
          visible[lane] == 0
              ? Float.NEGATIVE_INFINITY
              : (float) (softmax.max(lane) + Math.log(softmax.sum(lane)));
    }
  }

  /** Adds some keys to the panel. */
  private void tile(int first, int keys, int dim, int least) {
    int whole = Math.ceilDiv(keys, ScoreTile.KEYS) * ScoreTile.KEYS;
    for (int j = 0; j < whole; j += ScoreTile.KEYS) {
      int at = START + (first + j) * dim;
      scoreTile.run(dim, packedK, at, panelQ, scores, START + j * QUERIES);
    }
    if (first + keys > least) {
      for (int lane = 0; lane < QUERIES; lane++) {
        seen[START + lane] = Math.clamp(visible[lane] - (long) first, 0, keys);
      }
      LaneSoftmax.mask(scores, keys, seen);
    }
    softmax.weigh(scores, keys);
    int dims = Math.ceilDiv(dim, ValueTile.DIMS) * ValueTile.DIMS;
    for (int d = 0; d < dim; d += ValueTile.DIMS) {
      int at = START + first * dims + d;
      valueTile.run(keys, packedV, at, dims, scores, softmax.factor(), panelO, START + d * QUERIES);
    }
  }

  private void store(int lane, float[] o, int at, int dim) {
    float inverse = visible[lane] == 0 ? 0 : 1 / softmax.sum(lane);
    for (int d = 0; d < dim; d++) {
      o[at + d] = panelO[START + d * QUERIES + lane] * inverse;
    }
  }

  private static void pack(Heads x, int head, float[] to, int stride) {
    for (int j = 0; j < x.tokens(); j++) {
      System.arraycopy(x.data(), x.index(j, head), to, START + j * stride, x.headDim());
    }
  }

  private static float[] grown(float[] scratch, long length) {
    return scratch.length >= length + START ? scratch : AlignedFloats.allocate(length);
  }
}
