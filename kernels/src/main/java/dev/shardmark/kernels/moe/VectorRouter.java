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
        keysOfLogits(value, key, experts);
      } else {
        keysOfSigmoids(value, bias == null ? zeros : bias, key, experts);
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

  private static void keysOfLogits(float[] value, int[] key, int experts) {
    for (int e = 0; e < experts; e++) {
      int at = START + e * LANES;
      FloatVector z = numbers(FloatVector.fromArray(F, value, at), Float.NEGATIVE_INFINITY);
      z.intoArray(value, at);
      ordered(z).intoArray(key, at);
    }
  }

  private static void keysOfSigmoids(float[] value, float[] bias, int[] key, int experts) {
    for (int e = 0; e < experts; e++) {
      int at = START + e * LANES;
      FloatVector z = FloatVector.fromArray(F, value, at);
      FloatVector s = FloatVector.broadcast(F, 1).div(VectorExp.exp(z.neg()).add(1));
      numbers(s, 0).intoArray(value, at);
      ordered(numbers(s.add(bias[e]), Float.NEGATIVE_INFINITY)).intoArray(key, at);
    }
  }

  private static FloatVector numbers(FloatVector x, float insteadOfNaN) {
    return x.blend(insteadOfNaN, x.compare(VectorOperators.NE, x));
  }

  /** Integers in the order of the numbers x, by turning round what is negative; -0 becomes 0. */
  private static IntVector ordered(FloatVector x) {
    return flipped(x.add(0f).reinterpretAsInts());
  }

  private static IntVector flipped(IntVector bits) {
    IntVector sign = bits.lanewise(VectorOperators.ASHR, 31);
    return sign.lanewise(VectorOperators.LSHR, 1).lanewise(VectorOperators.XOR, bits);
  }

  private static FloatVector score(IntVector key) {
    return flipped(key).reinterpretAsFloats();
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
    ordered(score(best).add(score(added))).intoArray(groupKey, to);
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
      powers(weight, topK, max, sum);
    }
    if (softmax && !rule.renormalised()) {
      sumOfPowers(value, experts, max, sum);
    } else if (!rule.renormalised()) {
      Arrays.fill(sum, 1);
    } else if (!softmax) {
      sumOf(weight, topK, sum);
    }
    divide(weight, topK, sum, rule.scaling());
  }

  /** Powers of the chosen logits, relative to the first of them, and their sums. */
  private static void powers(float[] weight, int topK, float[] max, float[] sum) {
    // not below the lowest float, so that no difference of two -infinities is taken
    FloatVector lowest = FloatVector.broadcast(F, -Float.MAX_VALUE);
    FloatVector first = FloatVector.fromArray(F, weight, START);
    FloatVector m = first.blend(lowest, first.compare(VectorOperators.LT, lowest));
    FloatVector s = FloatVector.zero(F);
    for (int i = 0; i < topK; i++) {
      int at = START + i * LANES;
      FloatVector power = VectorExp.exp(FloatVector.fromArray(F, weight, at).sub(m));
      power.intoArray(weight, at);
      s = s.add(power);
    }
    m.intoArray(max, 0);
    s.intoArray(sum, 0);
  }

  private static void sumOfPowers(float[] value, int experts, float[] max, float[] sum) {
    FloatVector m = FloatVector.fromArray(F, max, 0);
    FloatVector s = FloatVector.zero(F);
    for (int e = 0; e < experts; e++) {
      s = s.add(VectorExp.exp(FloatVector.fromArray(F, value, START + e * LANES).sub(m)));
    }
    s.intoArray(sum, 0);
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
