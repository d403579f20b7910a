package dev.shardmark.kernels.layer;

import dev.shardmark.kernels.Kernels;
import dev.shardmark.kernels.Matrix;
import dev.shardmark.kernels.Variant;
import dev.shardmark.kernels.attention.Attention;
import dev.shardmark.kernels.attention.AttentionCheck;
import dev.shardmark.kernels.attention.CachedAttention;
import dev.shardmark.kernels.attention.Heads;
import dev.shardmark.kernels.kvcache.KvAppend;
import dev.shardmark.kernels.kvcache.KvAppendCheck;
import dev.shardmark.kernels.kvcache.KvSequence;
import dev.shardmark.kernels.norm.ReferenceNorm;
import dev.shardmark.kernels.norm.RmsNorm;
import dev.shardmark.kernels.rope.ReferenceRope;
import dev.shardmark.kernels.rope.Rope;
import dev.shardmark.kernels.rope.RopeLayout;
import dev.shardmark.kernels.rope.RopeTable;
import java.util.Arrays;
import java.util.List;
import java.util.function.DoubleSupplier;

/**
 * The part of a layer from a normalised input to what attention adds to it. Queries, keys and
 * values stay where their product left them, side by side in a row.
 */
final class AttentionSteps {
  private final LayerShape s;
  private final LayerWeights weights;
  private final Matrix qkv;
  private final Matrix mixed;
  private final Matrix output;
  private final KvSequence[] caches;
  private final Heads[] q;
  private final Heads[] k;
  private final Heads[] v;
  private final Heads[] o;
  private final Matrix[] lse;
  private final Matrix[] newK;
  private final Matrix[] newV;
  private final float scale;

  AttentionSteps(LayerShape s, LayerWeights weights, KvSequence[] caches, Matrix output) {
    this.s = s;
    this.weights = weights;
    this.caches = caches;
    this.output = output;
    qkv = Matrix.zeros(s.rows(), s.qkvWidth());
    mixed = Matrix.zeros(s.rows(), s.heads() * s.headDim());
    scale = (float) (1 / Math.sqrt(s.headDim()));
    int keysAt = s.heads();
    int valuesAt = keysAt + s.kvHeads();
    q = heads(qkv, 0, s.heads());
    k = heads(qkv, keysAt, s.kvHeads());
    v = heads(qkv, valuesAt, s.kvHeads());
    o = heads(mixed, 0, s.heads());
    lse = new Matrix[s.sequences()];
    Arrays.setAll(lse, i -> Matrix.zeros(s.tokens(), s.heads()));
    newK = new Matrix[s.sequences()];
    newV = new Matrix[s.sequences()];
    int width = s.kvHeads() * s.headDim();
    Arrays.setAll(newK, i -> part(i * s.tokens(), s.tokens(), keysAt * s.headDim(), width));
    Arrays.setAll(newV, i -> part(i * s.tokens(), s.tokens(), valuesAt * s.headDim(), width));
  }

  void addTo(List<LayerStep> steps, Matrix input, Variant variant) {
    steps.add(Products.step(LayerOperation.QKV, variant, input, weights.qkv(), qkv));
    if (s.headNorm()) {
      steps.add(headNorm(Kernels.rmsNorm(variant)));
    }
    steps.add(rope(Kernels.rope(variant, RopeLayout.HALF_SPLIT)));
    steps.add(append(Kernels.kvAppend(variant)));
    steps.add(
        s.context() == 0
            ? attention(Kernels.attention(variant))
            : attention(Kernels.cachedAttention(variant)));
    steps.add(Products.step(LayerOperation.O, variant, mixed, weights.o(), output));
  }

  private LayerStep headNorm(RmsNorm norm) {
    int rows = s.rows();
    Matrix[] queries = new Matrix[rows];
    Matrix[] keys = new Matrix[rows];
    int d = s.headDim();
    for (int i = 0; i < rows; i++) {
      int at = qkv.offset() + i * qkv.rowStride();
      queries[i] = new Matrix(qkv.data(), at, s.heads(), d, d);
      keys[i] = new Matrix(qkv.data(), at + s.heads() * d, s.kvHeads(), d, d);
    }
    Runnable run =
        () -> {
          for (int i = 0; i < rows; i++) {
            norm.normalize(queries[i], weights.queryNorm(), TransformerLayer.EPS, queries[i]);
            norm.normalize(keys[i], weights.keyNorm(), TransformerLayer.EPS, keys[i]);
          }
        };
    return new LayerStep(
        LayerOperation.HEAD_NORM,
        run,
        () -> {
          Copy before = new Copy(qkv);
          return () -> {
            double worst = 0;
            for (int i = 0; i < rows; i++) {
              worst = Math.max(worst, worstNorm(before, queries[i], weights.queryNorm()));
              worst = Math.max(worst, worstNorm(before, keys[i], weights.keyNorm()));
            }
            return worst;
          };
        });
  }

  private static double worstNorm(Copy before, Matrix y, Matrix weight) {
    return ReferenceNorm.rms(before.of(y), weight, TransformerLayer.EPS).worst(y);
  }

  private LayerStep rope(Rope rope) {
    RopeTable table =
        RopeTable.of(s.context() + s.tokens(), s.headDim(), TransformerLayer.ROPE_BASE);
    Matrix turned = part(0, s.rows(), 0, (s.heads() + s.kvHeads()) * s.headDim());
    int[] positions = new int[s.rows()];
    Arrays.setAll(positions, i -> s.context() + i % s.tokens());
    return new LayerStep(
        LayerOperation.ROPE,
        () -> rope.rotate(turned, s.headDim(), positions, table),
        () -> {
          Matrix before = new Copy(qkv).of(turned);
          return () ->
              ReferenceRope.rotate(RopeLayout.HALF_SPLIT, before, s.headDim(), positions, table)
                  .worst(turned);
        });
  }

  /** Forgets the new tokens of the step before, so that every step finds the same context. */
  private LayerStep append(KvAppend append) {
    Runnable run =
        () -> {
          for (int i = 0; i < caches.length; i++) {
            caches[i].free();
            caches[i].extend(s.context());
            append.append(caches[i], newK[i], newV[i]);
          }
        };
    DoubleSupplier check =
        () -> {
          double worst = 0;
          for (int i = 0; i < caches.length; i++) {
            worst = Math.max(worst, KvAppendCheck.worst(caches[i], s.context(), newK[i], newV[i]));
          }
          return worst;
        };
    return LayerStep.of(LayerOperation.KV_APPEND, run, check);
  }

  /** Of a prompt to itself, without the detour over the cache. */
  private LayerStep attention(Attention attention) {
    Runnable run =
        () -> {
          for (int i = 0; i < caches.length; i++) {
            attention.attend(scale, true, q[i], k[i], v[i], o[i], lse[i]);
          }
        };
    return attentionStep(run, k, v);
  }

  private LayerStep attention(CachedAttention attention) {
    Runnable run =
        () -> {
          for (int i = 0; i < caches.length; i++) {
            attention.attend(scale, true, q[i], caches[i], o[i], lse[i]);
          }
        };
    return attentionStep(run, null, null);
  }

  private LayerStep attentionStep(Runnable run, Heads[] keys, Heads[] values) {
    return new LayerStep(
        LayerOperation.ATTENTION,
        run,
        () -> {
          Arrays.fill(mixed.data(), Float.NaN);
          return () -> {
            double worst = 0;
            for (int i = 0; i < caches.length; i++) {
              Heads ki = keys == null ? cached(caches[i], true) : keys[i];
              Heads vi = values == null ? cached(caches[i], false) : values[i];
              double one = AttentionCheck.worstOfLarge(scale, true, q[i], ki, vi, o[i], lse[i]);
              worst = Math.max(worst, one);
            }
            return worst;
          };
        });
  }

  /** A plain copy of the keys or values of a cache. */
  private static Heads cached(KvSequence cache, boolean keys) {
    int kvHeads = cache.pool().kvHeads();
    int d = cache.pool().headDim();
    Heads copy = Heads.zeros(cache.tokens(), kvHeads, d);
    for (int t = 0; t < cache.tokens(); t++) {
      for (int h = 0; h < kvHeads; h++) {
        for (int i = 0; i < d; i++) {
          copy.data()[copy.index(t, h) + i] = keys ? cache.keyAt(t, h, i) : cache.valueAt(t, h, i);
        }
      }
    }
    return copy;
  }

  private Matrix part(int row, int rows, int column, int columns) {
    int at = qkv.offset() + row * qkv.rowStride() + column;
    return new Matrix(qkv.data(), at, rows, columns, qkv.rowStride());
  }

  /** Heads of each sequence, from some head of a row on. */
  private Heads[] heads(Matrix m, int first, int count) {
    Heads[] heads = new Heads[s.sequences()];
    for (int i = 0; i < heads.length; i++) {
      int at = m.offset() + i * s.tokens() * m.rowStride() + first * s.headDim();
      heads[i] =
          new Heads(m.data(), at, s.tokens(), count, s.headDim(), m.rowStride(), s.headDim());
    }
    return heads;
  }
}
