package dev.shardmark.kernels.moe;

import static dev.shardmark.kernels.AlignedFloats.START;
import static dev.shardmark.kernels.Species.F;
import static dev.shardmark.kernels.Species.LANES;

import dev.shardmark.kernels.AlignedFloats;
import dev.shardmark.kernels.Matrix;
import dev.shardmark.kernels.math.VectorExp;
import java.util.Arrays;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/**
 * {@link Router} with the Vector API, a token a lane: topK times, the largest score of each lane is
 * found and struck out. Scores are compared as integers of the same order, because a maximum of
 * floats takes five instructions and one of integers one. Lanes without a token compute in vain.
 *
 * <p>Of the alternatives, keeping the k best in registers takes as many instructions a choice
 * (compare, two selects of values, two of indices) but spills from k = 5 on 16 registers; a
 * threshold with a scan of its mask depends on the data and breaks ties in a second step.
 */
public final class VectorRouter implements Router {
  private static final VectorSpecies<Integer> I = VectorSpecies.of(int.class, F.vectorShape());

  /** Below the key of every score, -infinity included. */
  private static final int STRUCK = Integer.MIN_VALUE;

  private final RoutingRule rule;

  /** Of LANES tokens, expert by expert: what weights are made of, logits or sigmoids. */
  private float[] value = {};

  /** Of sigmoids, e^-x. */
  private float[] power = {};

  /** And what decides: integers in the order of the scores. */
  private int[] key = {};

  private final int[] groupKey;

  /** Choices of LANES tokens, choice by choice; groups are chosen here first. */
  private int[] chosen = {};

  private float[] weight = {};

  // One a lane, and in arrays: a vector that meets another at a branch, or is a parameter of what
  // is not inlined, is boxed.
  private final float[] max = new float[LANES];

  private final float[] sum = new float[LANES];

  private final float[] lanes = new float[LANES];

  /** In place of no bias. */
  private float[] zeros = {};

  public VectorRouter(RoutingRule rule) {
    this.rule = rule;
    this.groupKey = new int[START + rule.groups() * LANES];
  }

  @Override
  public void route(Matrix logits, float[] bias, Routing routing) {
    Router.check(rule, logits, bias, routing);
    int experts = logits.cols();
    int topK = routing.topK();
    reserve(experts, Math.max(topK, rule.groupsKept()));
    for (int token = 0; token < routing.tokens(); token += LANES) {
      int lanes = Math.min(LANES, routing.tokens() - token);
      load(logits, token, lanes);
      if (rule.scoring() == Scoring.SOFTMAX) {
        keys(value, zeros, Float.NEGATIVE_INFINITY, key, experts);
      } else {
        sigmoids(experts);
        keys(value, bias == null ? zeros : bias, 0, key, experts);
      }
      if (rule.groups() > 1) {
        strikeGroups(experts / rule.groups());
      }
      for (int i = 0; i < topK; i++) {
        largest(key, experts, chosen, START + i * LANES);
        take(START + i * LANES);
      }
      weigh(experts, topK);
      store(routing, token, lanes);
    }
  }

  private void reserve(int experts, int choices) {
    if (key.length < START + experts * LANES) {
      value = AlignedFloats.allocate((long) experts * LANES);
      power = AlignedFloats.allocate((long) experts * LANES);
      key = new int[START + experts * LANES];
      zeros = new float[experts];
    }
    if (chosen.length < START + choices * LANES) {
      chosen = new int[START + choices * LANES];
      weight = AlignedFloats.allocate((long) choices * LANES);
    }
  }

  private void load(Matrix logits, int token, int lanes) {
    float[] from = logits.data();
    float[] to = value;
    int experts = logits.cols();
    for (int lane = 0; lane < lanes; lane++) {
      int row = logits.offset() + (token + lane) * logits.rowStride();
      for (int e = 0; e < experts; e++) {
        to[START + e * LANES + lane] = from[row + e];
      }
    }
  }

  /** Replaces logits by sigmoids. */
  private void sigmoids(int experts) {
    VectorExp.row(-1, value, START, 0, power, START, experts * LANES, lanes);
    inverses(value, power, START + experts * LANES);
  }

  private static void inverses(float[] value, float[] power, int end) {
    FloatVector one = FloatVector.broadcast(F, 1);
    for (int at = START; at < end; at += LANES) {
      FloatVector z = FloatVector.fromArray(F, value, at);
      FloatVector e = FloatVector.fromArray(F, power, at);
      e =
          e.blend(
              Float.POSITIVE_INFINITY, z.compare(VectorOperators.LT, -VectorExp.HIGHEST_OF_ROW));
      one.div(e.add(1)).intoArray(value, at);
    }
  }

  /**
   * Makes keys of values and biases: integers in the order of the sums, by turning round what is
   * negative. -0 becomes 0, as all biases do that are none, and NaN comes last.
   */
  private static void keys(
      float[] value, float[] bias, float insteadOfNaN, int[] key, int experts) {
    for (int e = 0; e < experts; e++) {
      int at = START + e * LANES;
      FloatVector v = FloatVector.fromArray(F, value, at);
      v.blend(insteadOfNaN, v.compare(VectorOperators.NE, v)).intoArray(value, at);
      FloatVector score = v.add(bias[e]);
      score = score.blend(Float.NEGATIVE_INFINITY, score.compare(VectorOperators.NE, score));
      IntVector bits = score.reinterpretAsInts();
      IntVector sign = bits.lanewise(VectorOperators.ASHR, 31);
      sign.lanewise(VectorOperators.LSHR, 1).lanewise(VectorOperators.XOR, bits).intoArray(key, at);
    }
  }

  /** In each lane, which of {@code count} keys is largest; the first of equals. */
  private static void largest(int[] key, int count, int[] chosen, int to) {
    IntVector best = IntVector.broadcast(I, STRUCK);
    IntVector index = IntVector.zero(I);
    IntVector bestIndex = index;
    for (int e = 0; e < count; e++) {
      IntVector k = IntVector.fromArray(I, key, START + e * LANES);
      VectorMask<Integer> larger = k.compare(VectorOperators.GT, best);
      best = best.max(k);
      bestIndex = bestIndex.blend(index, larger);
      index = index.add(1);
    }
    bestIndex.intoArray(chosen, to);
  }

  /** Strikes out the experts chosen at {@code at} and fetches their values. */
  private void take(int at) {
    for (int lane = 0; lane < LANES; lane++) {
      int from = START + chosen[at + lane] * LANES + lane;
      key[from] = STRUCK;
      weight[at + lane] = value[from];
    }
  }

  private void strikeGroups(int size) {
    int groups = rule.groups();
    for (int g = 0; g < groups; g++) {
      groupKey(key, g * size, size, groupKey, START + g * LANES);
    }
    for (int i = 0; i < rule.groupsKept(); i++) {
      int at = START + i * LANES;
      largest(groupKey, groups, chosen, at);
      for (int lane = 0; lane < LANES; lane++) {
        groupKey[START + chosen[at + lane] * LANES + lane] = STRUCK;
      }
    }
    for (int g = 0; g < groups; g++) {
      strikeUnlessStruck(groupKey, START + g * LANES, key, g * size, size);
    }
  }

  private static void groupKey(int[] key, int first, int size, int[] groupKey, int to) {
    IntVector best = IntVector.broadcast(I, STRUCK);
    IntVector second = best;
    for (int e = first; e < first + size; e++) {
      IntVector k = IntVector.fromArray(I, key, START + e * LANES);
      second = second.max(best.min(k));
      best = best.max(k);
    }
    // a group of one has no second, and the key of 0 is 0
    IntVector added = second.blend(0, second.compare(VectorOperators.EQ, STRUCK));
    IntVector sign = best.lanewise(VectorOperators.ASHR, 31);
    best = sign.lanewise(VectorOperators.LSHR, 1).lanewise(VectorOperators.XOR, best);
    sign = added.lanewise(VectorOperators.ASHR, 31);
    added = sign.lanewise(VectorOperators.LSHR, 1).lanewise(VectorOperators.XOR, added);
    FloatVector score = best.reinterpretAsFloats().add(added.reinterpretAsFloats()).add(0f);
    IntVector bits = score.reinterpretAsInts();
    sign = bits.lanewise(VectorOperators.ASHR, 31);
    sign.lanewise(VectorOperators.LSHR, 1)
        .lanewise(VectorOperators.XOR, bits)
        .intoArray(groupKey, to);
  }

  /** A group that is struck out of the choice of groups has been taken. */
  private static void strikeUnlessStruck(int[] groupKey, int at, int[] key, int first, int size) {
    VectorMask<Integer> out =
        IntVector.fromArray(I, groupKey, at).compare(VectorOperators.NE, STRUCK);
    for (int e = first; e < first + size; e++) {
      IntVector k = IntVector.fromArray(I, key, START + e * LANES);
      k.blend(STRUCK, out).intoArray(key, START + e * LANES);
    }
  }

  private void weigh(int experts, int topK) {
    boolean softmax = rule.scoring() == Scoring.SOFTMAX;
    if (softmax) {
      highest(weight, max);
      if (!rule.renormalised()) {
        powers(value, experts);
        sumOf(value, experts, sum);
      }
      powers(weight, topK);
    }
    if (rule.renormalised()) {
      sumOf(weight, topK, sum);
    } else if (!softmax) {
      Arrays.fill(sum, 1);
    }
    divide(weight, topK, sum, rule.scaling());
  }

  /** The first chosen logit of each lane, and not below the lowest finite number. */
  private static void highest(float[] weight, float[] max) {
    FloatVector lowest = FloatVector.broadcast(F, -Float.MAX_VALUE);
    FloatVector first = FloatVector.fromArray(F, weight, START);
    // the difference of two -infinities would be NaN
    first.blend(lowest, first.compare(VectorOperators.LT, lowest)).intoArray(max, 0);
  }

  /** Replaces logits by powers of their differences to the highest. */
  private void powers(float[] logit, int count) {
    subtract(logit, max, START + count * LANES);
    VectorExp.row(1, logit, START, 0, logit, START, count * LANES, lanes);
  }

  private static void subtract(float[] logit, float[] max, int end) {
    FloatVector m = FloatVector.fromArray(F, max, 0);
    for (int at = START; at < end; at += LANES) {
      FloatVector.fromArray(F, logit, at).sub(m).intoArray(logit, at);
    }
  }

  private static void sumOf(float[] weight, int topK, float[] sum) {
    FloatVector s = FloatVector.zero(F);
    for (int i = 0; i < topK; i++) {
      s = s.add(FloatVector.fromArray(F, weight, START + i * LANES));
    }
    s.intoArray(sum, 0);
  }

  private static void divide(float[] weight, int topK, float[] sum, float scaling) {
    FloatVector s = FloatVector.fromArray(F, sum, 0);
    FloatVector divisor = s.blend(1, s.compare(VectorOperators.EQ, 0)); // 0 / 1 where all are 0
    for (int i = 0; i < topK; i++) {
      int at = START + i * LANES;
      FloatVector.fromArray(F, weight, at).div(divisor).mul(scaling).intoArray(weight, at);
    }
  }

  private void store(Routing routing, int token, int lanes) {
    int topK = routing.topK();
    int[] expert = routing.expert();
    float[] to = routing.weight();
    for (int lane = 0; lane < lanes; lane++) {
      int row = (token + lane) * topK;
      for (int i = 0; i < topK; i++) {
        expert[row + i] = chosen[START + i * LANES + lane];
        to[row + i] = weight[START + i * LANES + lane];
      }
    }
  }
}
