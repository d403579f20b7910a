package dev.shardmark.kernels.moe;

import dev.shardmark.kernels.Matrix;
import dev.shardmark.kernels.TestMatrices;
import java.util.Arrays;
import java.util.SplittableRandom;

/** Runs one router and says what is wrong, if anything. */
final class RouterHarness {
  private static final int BEYOND = 3;

  private RouterHarness() {}

  /** Null when right, otherwise a sentence with the shape. */
  static String fault(Router router, RoutingRule rule, Matrix logits, float[] bias, int topK) {
    int choices = logits.rows() * topK;
    int[] expert = new int[choices + BEYOND];
    float[] weight = new float[choices + BEYOND];
    Arrays.fill(expert, -7);
    Arrays.fill(weight, Float.NaN);
    Matrix before = TestMatrices.copy(logits);
    Routing routing = new Routing(logits.rows(), topK, expert, weight);
    router.route(logits, bias, routing);
    String shape =
        (" tokens=" + logits.rows() + " experts=" + logits.cols() + " topK=" + topK)
            + (" rule=" + rule + " bias=" + (bias != null));
    double worst = RouterCheck.worst(rule, logits, bias, routing);
    if (!(worst <= 1)) {
      return "error over bound is " + worst + shape;
    }
    for (int at = choices; at < choices + BEYOND; at++) {
      if (expert[at] != -7 || !Float.isNaN(weight[at])) {
        return "wrote behind the routing" + shape;
      }
    }
    return Arrays.equals(before.data(), logits.data()) ? null : "changed the logits" + shape;
  }

  /** Logits in [-8, 8), NaN around them. */
  static Matrix logits(int tokens, int experts, long seed) {
    Matrix logits = TestMatrices.padded(tokens, experts, new SplittableRandom(seed));
    for (int at = 0; at < logits.data().length; at++) {
      logits.data()[at] *= 8;
    }
    return logits;
  }

  /** The same logits for every token. */
  static Matrix row(int tokens, float... row) {
    Matrix logits = TestMatrices.nan(tokens, row.length);
    for (int t = 0; t < tokens; t++) {
      System.arraycopy(row, 0, logits.data(), logits.offset() + t * logits.rowStride(), row.length);
    }
    return logits;
  }

  /** Biases in [-1, 1). */
  static float[] bias(int experts, long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    float[] bias = new float[experts];
    for (int e = 0; e < experts; e++) {
      bias[e] = random.nextFloat() * 2 - 1;
    }
    return bias;
  }
}
