package dev.shardmark.parallel.expert;

import dev.shardmark.kernels.Expected;
import dev.shardmark.kernels.Matrix;
import dev.shardmark.kernels.Rounding;
import dev.shardmark.kernels.gemm.PackedMatrix;
import dev.shardmark.kernels.moe.ReferenceRouter;
import dev.shardmark.kernels.moe.Routing;
import dev.shardmark.kernels.moe.RoutingRule;
import dev.shardmark.kernels.moe.Scoring;
import dev.shardmark.parallel.LayerSpec;
import java.util.Arrays;
import java.util.List;

/** Experts in double, straight from the formulas, and how far off a float computation may be. */
final class ReferenceMoe {
  /** A vector and its bound. */
  private record Row(double[] value, double[] bound) {
    static Row zeros(int length) {
      return new Row(new double[length], new double[length]);
    }

    double size(int at) {
      return Math.abs(value[at]) + bound[at];
    }
  }

  private final LayerSpec spec;
  private final Matrix router;
  private final List<Matrix> gateUp;
  private final List<Matrix> down;

  /** Null without a shared expert. */
  private final Matrix sharedGateUp;

  private final Matrix sharedDown;
  private final Matrix x;

  /** Of all weights and tokens. */
  ReferenceMoe(LayerSpec spec, ExpertWeights whole, Matrix x) {
    this.spec = spec;
    this.x = x;
    router = whole.router().unpacked();
    gateUp = whole.gateUp().stream().map(PackedMatrix::unpacked).toList();
    down = whole.down().stream().map(PackedMatrix::unpacked).toList();
    boolean shared = whole.sharedGateUp() != null;
    sharedGateUp = shared ? whole.sharedGateUp().unpacked() : null;
    sharedDown = shared ? whole.sharedDown().unpacked() : null;
  }

  /**
   * What comes out where tokens choose.
   *
   * @param shards how many partial sums the products down are made of
   */
  Expected topK(int shards) {
    Matrix rounded = Matrix.zeros(x.rows(), spec.experts());
    Row[] logits = new Row[x.rows()];
    for (int t = 0; t < x.rows(); t++) {
      logits[t] = times(token(t), router);
      for (int e = 0; e < spec.experts(); e++) {
        rounded.data()[rounded.offset() + t * spec.experts() + e] = (float) logits[t].value[e];
      }
    }
    Expected y = Expected.zeros(x.rows(), spec.hidden());
    for (int t = 0; t < x.rows(); t++) {
      int[] chosen = ReferenceRouter.choose(spec.rule(), rounded, null, t, spec.topK());
      double[] weight = gates(spec.rule(), logits[t].value, chosen);
      double off = Arrays.stream(logits[t].bound).max().orElse(0);
      put(y, t, sum(t, chosen, weight, Math.expm1(2 * off + 64 * Rounding.UNIT), shards));
    }
    return y;
  }

  /** What comes out of choices made already. */
  Expected routed(Routing routing, int shards) {
    Expected y = Expected.zeros(x.rows(), spec.hidden());
    for (int t = 0; t < x.rows(); t++) {
      int from = t * routing.topK();
      int to = from + routing.topK();
      int[] chosen = Arrays.copyOfRange(routing.expert(), from, to);
      double[] weight = new double[chosen.length];
      Arrays.setAll(weight, i -> routing.weight()[from + i]);
      put(y, t, sum(t, chosen, weight, 0, shards));
    }
    return y;
  }

  private static double[] gates(RoutingRule rule, double[] logits, int[] chosen) {
    double[] score = Arrays.stream(logits).map(z -> 1 / (1 + Math.exp(-z))).toArray();
    double total = 1;
    if (rule.scoring() == Scoring.SOFTMAX) {
      score = Arrays.stream(logits).map(Math::exp).toArray();
      total = Arrays.stream(score).sum();
    }
    double[] gate = new double[chosen.length];
    for (int i = 0; i < gate.length; i++) {
      gate[i] = score[chosen[i]] / total;
    }
    double sum = rule.renormalised() ? Arrays.stream(gate).sum() : 1;
    return Arrays.stream(gate).map(g -> rule.scaling() * g / sum).toArray();
  }

  private Row token(int t) {
    Row row = Row.zeros(x.cols());
    Arrays.setAll(row.value, j -> x.at(t, j));
    return row;
  }

  private Row sum(int t, int[] chosen, double[] weight, double relative, int shards) {
    Row y = Row.zeros(spec.hidden());
    double[] magnitude = new double[spec.hidden()];
    for (int i = 0; i < chosen.length; i++) {
      if (chosen[i] != Routing.DROPPED) {
        Row row = mlp(t, gateUp.get(chosen[i]), down.get(chosen[i]));
        add(y, magnitude, row, weight[i], relative);
      }
    }
    if (sharedGateUp != null) {
      add(y, magnitude, mlp(t, sharedGateUp, sharedDown), 1, 0);
    }
    for (int j = 0; j < magnitude.length; j++) {
      y.bound[j] += Rounding.gamma(chosen.length + 2L + shards) * magnitude[j] + 0x1p-140;
    }
    return y;
  }

  private static void add(Row y, double[] magnitude, Row row, double weight, double relative) {
    for (int j = 0; j < magnitude.length; j++) {
      y.value[j] += weight * row.value[j];
      y.bound[j] += weight * (row.bound[j] + relative * row.size(j));
      magnitude[j] += weight * (1 + relative) * row.size(j);
    }
  }

  private Row mlp(int t, Matrix first, Matrix second) {
    return times(swiGlu(times(token(t), first)), second);
  }

  private static Row times(Row x, Matrix b) {
    Row y = Row.zeros(b.cols());
    for (int j = 0; j < b.cols(); j++) {
      double magnitude = 0;
      for (int p = 0; p < b.rows(); p++) {
        y.value[j] += x.value[p] * b.at(p, j);
        y.bound[j] += x.bound[p] * Math.abs(b.at(p, j));
        magnitude += x.size(p) * Math.abs(b.at(p, j));
      }
      y.bound[j] += Rounding.gamma(b.rows() + 2L) * magnitude;
    }
    return y;
  }

  /** Of gate and up side by side; the slope of silu is at most 1.1. */
  private static Row swiGlu(Row both) {
    Row y = Row.zeros(both.value.length / 2);
    for (int j = 0; j < y.value.length; j++) {
      int up = j + y.value.length;
      double silu = both.value[j] / (1 + Math.exp(-both.value[j]));
      double passed = 1.1 * both.bound[j] * both.size(up) + Math.abs(silu) * both.bound[up];
      y.value[j] = silu * both.value[up];
      y.bound[j] = passed + Rounding.gamma(6) * (Math.abs(y.value[j]) + passed) + 0x1p-121;
    }
    return y;
  }

  private static void put(Expected y, int t, Row row) {
    for (int j = 0; j < row.value.length; j++) {
      y.set(t * row.value.length + j, row.value[j], row.bound[j]);
    }
  }
}
