package dev.shardmark.kernels.layer;

import dev.shardmark.kernels.Matrix;
import dev.shardmark.kernels.kvcache.KvSequence;
import dev.shardmark.kernels.moe.ReferenceRouter;
import java.util.stream.IntStream;

/** A whole layer in double with the error a float one may make, straight from its formulas. */
final class ReferenceLayer {
  private static final double ROPE_BASE = 500_000;
  private static final float EPS = 1e-5f;

  private final LayerShape s;
  private final LayerWeights w;

  ReferenceLayer(LayerShape s, LayerWeights weights) {
    this.s = s;
    this.w = weights;
  }

  /** What the output should be; caches hold the context, and may hold more. */
  Bounded run(Matrix input, KvSequence[] caches) {
    Bounded x = Bounded.of(input);
    Bounded qkv = x.normed(w.inputNorm(), EPS).times(w.qkv().unpacked());
    int d = s.headDim();
    for (int i = 0; i < s.rows(); i++) {
      for (int h = 0; h < s.heads() + s.kvHeads(); h++) {
        Bounded head = qkv.part(i, h * d, d);
        if (s.headNorm()) {
          head = head.normed(h < s.heads() ? w.queryNorm() : w.keyNorm(), EPS);
        }
        qkv.put(i, h * d, head.turned(s.context() + i % s.tokens(), ROPE_BASE));
      }
    }
    Bounded mixed = Bounded.zeros(s.rows(), s.heads() * d);
    for (int i = 0; i < s.rows(); i++) {
      for (int h = 0; h < s.heads(); h++) {
        mixed.put(i, h * d, head(qkv, caches[i / s.tokens()], i, h));
      }
    }
    Bounded residual = x.plus(mixed.times(w.o().unpacked()));
    Bounded normed = residual.normed(w.mlpNorm(), EPS);
    return residual.plus(s.experts() == 0 ? mlp(normed, 0) : experts(normed));
  }

  private Bounded head(Bounded qkv, KvSequence cache, int row, int h) {
    int d = s.headDim();
    int kvHead = h / (s.heads() / s.kvHeads());
    int position = row % s.tokens();
    int keys = s.context() + position + 1;
    Bounded k = Bounded.zeros(keys, d);
    Bounded v = Bounded.zeros(keys, d);
    for (int j = 0; j < keys; j++) {
      if (j < s.context()) {
        for (int e = 0; e < d; e++) {
          k.value()[j * d + e] = cache.keyAt(j, kvHead, e);
          v.value()[j * d + e] = cache.valueAt(j, kvHead, e);
        }
      } else {
        int from = row - position + j - s.context();
        k.put(j, 0, qkv.part(from, (s.heads() + kvHead) * d, d));
        v.put(j, 0, qkv.part(from, (s.heads() + s.kvHeads() + kvHead) * d, d));
      }
    }
    return Bounded.attended(qkv.part(row, h * d, d), k, v, (float) (1 / Math.sqrt(d)));
  }

  private Bounded mlp(Bounded normed, int expert) {
    return normed
        .times(w.gateUp().get(expert).unpacked())
        .swiGlu()
        .times(w.down().get(expert).unpacked());
  }

  /** The softmax of the largest logits, whose order must be clear of their errors. */
  private Bounded experts(Bounded normed) {
    Bounded logits = normed.times(w.router().unpacked());
    Matrix rounded = Matrix.zeros(s.rows(), s.experts());
    for (int at = 0; at < logits.value().length; at++) {
      rounded.data()[rounded.offset() + at] = (float) logits.value()[at];
    }
    Bounded y = Bounded.zeros(s.rows(), s.hidden());
    for (int i = 0; i < s.rows(); i++) {
      int[] chosen = ReferenceRouter.choose(MlpSteps.RULE, rounded, null, i, s.topK());
      int at = i * s.experts();
      double sum = IntStream.of(chosen).mapToDouble(e -> Math.exp(logits.value()[at + e])).sum();
      double off = IntStream.of(chosen).mapToDouble(e -> logits.bound()[at + e]).max().orElse(0);
      Bounded row = Bounded.zeros(1, s.hidden());
      for (int e : chosen) {
        double weight = Math.exp(logits.value()[at + e]) / sum;
        double relative = Math.expm1(2 * off + 32 * 0x1p-24);
        row = row.plus(mlp(normed.rows(i), e).scaled(weight, relative));
      }
      y.put(i, 0, row);
    }
    return y;
  }
}
