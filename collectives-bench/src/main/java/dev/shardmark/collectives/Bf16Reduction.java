package dev.shardmark.collectives;

import static dev.shardmark.kernels.Species.LANES;

import dev.shardmark.kernels.math.Bf16;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;

/**
 * {@link ReduceOp} for bfloat16: widened, combined as fp32, rounded to the nearest, ties to even.
 */
final class Bf16Reduction {
  private Bf16Reduction() {}

  /** {@code acc[accAt + i] = op(acc[accAt + i], in[inAt + i])}. */
  static void combine(ReduceOp op, short[] acc, int accAt, short[] in, int inAt, int length) {
    int done =
        switch (op) {
          case SUM -> sum(acc, accAt, in, inAt, length);
          case MAX -> max(acc, accAt, in, inAt, length);
          case MIN -> min(acc, accAt, in, inAt, length);
        };
    for (int i = done; i < length; i++) {
      float a = Bf16.widen(acc[accAt + i]);
      acc[accAt + i] = Bf16.round(op.apply(a, Bf16.widen(in[inAt + i])));
    }
  }

  // Neighbours are taken as a pair of vectors, and their order comes back with the result. One loop
  // per operation: a vector operation must be a constant where it is compiled.

  private static int sum(short[] acc, int accAt, short[] in, int inAt, int length) {
    int bound = length - length % (2 * LANES);
    for (int i = 0; i < bound; i += 2 * LANES) {
      IntVector a = Bf16.pairs(acc, accAt + i);
      IntVector b = Bf16.pairs(in, inAt + i);
      FloatVector left = Bf16.left(a).add(Bf16.left(b));
      FloatVector right = Bf16.right(a).add(Bf16.right(b));
      Bf16.pairs(left, right).reinterpretAsShorts().intoArray(acc, accAt + i);
    }
    return bound;
  }

  private static int max(short[] acc, int accAt, short[] in, int inAt, int length) {
    int bound = length - length % (2 * LANES);
    for (int i = 0; i < bound; i += 2 * LANES) {
      IntVector a = Bf16.pairs(acc, accAt + i);
      IntVector b = Bf16.pairs(in, inAt + i);
      FloatVector left = Bf16.left(a).max(Bf16.left(b));
      FloatVector right = Bf16.right(a).max(Bf16.right(b));
      Bf16.pairs(left, right).reinterpretAsShorts().intoArray(acc, accAt + i);
    }
    return bound;
  }

  private static int min(short[] acc, int accAt, short[] in, int inAt, int length) {
    int bound = length - length % (2 * LANES);
    for (int i = 0; i < bound; i += 2 * LANES) {
      IntVector a = Bf16.pairs(acc, accAt + i);
      IntVector b = Bf16.pairs(in, inAt + i);
      FloatVector left = Bf16.left(a).min(Bf16.left(b));
      FloatVector right = Bf16.right(a).min(Bf16.right(b));
      Bf16.pairs(left, right).reinterpretAsShorts().intoArray(acc, accAt + i);
    }
    return bound;
  }
}
