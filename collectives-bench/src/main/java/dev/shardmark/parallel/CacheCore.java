package dev.shardmark.parallel;

import dev.shardmark.kernels.Kernels;
import dev.shardmark.kernels.Matrix;
import dev.shardmark.kernels.Variant;
import dev.shardmark.kernels.attention.CachedAttention;
import dev.shardmark.kernels.attention.Heads;
import dev.shardmark.kernels.kvcache.KvAppend;
import dev.shardmark.kernels.kvcache.KvSequence;
import dev.shardmark.kernels.layer.LayerOperation;

/**
 * {@link AttentionCore} over caches that this rank holds alone: new keys and values are appended,
 * and new queries see all that came before them. A prompt may come in pieces.
 */
public final class CacheCore implements AttentionCore {
  private final KvSequence[] caches;
  private final KvAppend append;
  private final CachedAttention attention;
  private final Meter meter;
  private final LogSums logSums = new LogSums();
  private final Heads[] lastK;
  private final Heads[] lastV;
  private final Matrix[] newK;
  private final Matrix[] newV;

  /**
   * A core.
   *
   * @param caches one for each sequence, of the heads of this rank; shared with the caller, who may
   *     put others in their places between steps
   */
  public CacheCore(KvSequence[] caches, Variant variant, Meter meter) {
    this.caches = caches;
    this.meter = meter;
    append = Kernels.kvAppend(variant);
    attention = Kernels.cachedAttention(variant);
    lastK = new Heads[caches.length];
    lastV = new Heads[caches.length];
    newK = new Matrix[caches.length];
    newV = new Matrix[caches.length];
  }

  /**
   * {@inheritDoc}
   *
   * @throws IllegalArgumentException if there are more sequences than caches
   */
  @Override
  public void attend(Heads[] q, Heads[] k, Heads[] v, Heads[] o) {
    if (q.length > caches.length) {
      throw new IllegalArgumentException(
          "every sequence must have a cache: sequences=" + q.length + " caches=" + caches.length);
    }
    long startNs = meter.now();
    for (int s = 0; s < q.length; s++) {
      view(s, k[s], v[s]);
      append.append(caches[s], newK[s], newV[s]);
    }
    meter.computed(LayerOperation.KV_APPEND, startNs);
    startNs = meter.now();
    for (int s = 0; s < q.length; s++) {
      float scale = AttentionCore.scale(q[s].headDim());
      attention.attend(scale, true, q[s], caches[s], o[s], logSums.of(s, q[s]));
    }
    meter.computed(LayerOperation.ATTENTION, startNs);
  }

  /** The same heads as rows, made anew only where they are others than in the call before. */
  private void view(int s, Heads k, Heads v) {
    if (lastK[s] != k || lastV[s] != v) {
      lastK[s] = k;
      lastV[s] = v;
      newK[s] = rows(k);
      newV[s] = rows(v);
    }
  }

  private static Matrix rows(Heads heads) {
    return new Matrix(
        heads.data(),
        heads.offset(),
        heads.tokens(),
        heads.heads() * heads.headDim(),
        heads.tokenStride());
  }
}
