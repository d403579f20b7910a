package dev.shardmark.parallel.context;

import dev.shardmark.kernels.Expected;
import dev.shardmark.kernels.Matrix;
import dev.shardmark.kernels.attention.Heads;
import dev.shardmark.kernels.attention.ReferenceAttention;
import dev.shardmark.kernels.rope.RopeLayout;
import dev.shardmark.kernels.rope.RopeTable;
import dev.shardmark.kernels.rope.ScalarRope;
import dev.shardmark.parallel.AttentionCore;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;

/** Whole sequences with random q, k and v, and what causal attention should make of them. */
record Prompt(AttentionShape shape, Heads[] q, Heads[] k, Heads[] v) {
  static final RopeTable TABLE = RopeTable.of(512, 8, 10_000);

  static Prompt random(AttentionShape shape, long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    return new Prompt(
        shape,
        random(shape, shape.heads(), random),
        random(shape, shape.kvHeads(), random),
        random(shape, shape.kvHeads(), random));
  }

  private static Heads[] random(AttentionShape shape, int heads, SplittableRandom random) {
    Heads[] all = dense(shape, heads, 0);
    for (Heads x : all) {
      for (int i = 0; i < x.data().length; i++) {
        x.data()[i] = 2 * random.nextFloat() - 1;
      }
    }
    return all;
  }

  private static Heads[] dense(AttentionShape shape, int heads, float value) {
    int width = heads * shape.headDim();
    return shape.tokens().stream()
        .map(
            tokens -> {
              float[] data = new float[tokens * width];
              Arrays.fill(data, value);
              return Packing.view(data, 0, tokens, heads, shape.headDim());
            })
        .toArray(Heads[]::new);
  }

  /** Room for results, with NaN everywhere. */
  Heads[] results() {
    return dense(shape, shape.heads(), Float.NaN);
  }

  /** The same sequences with positions rotated into q and k. */
  Prompt rotated() {
    Prompt turned = new Prompt(shape, copies(q), copies(k), v);
    for (int i = 0; i < q.length; i++) {
      int[] positions = IntStream.range(0, q[i].tokens()).toArray();
      rotate(turned.q[i], positions);
      rotate(turned.k[i], positions);
    }
    return turned;
  }

  private static Heads[] copies(Heads[] all) {
    return Arrays.stream(all)
        .map(x -> Packing.view(x.data().clone(), 0, x.tokens(), x.heads(), x.headDim()))
        .toArray(Heads[]::new);
  }

  static void rotate(Heads x, int[] positions) {
    int width = x.heads() * x.headDim();
    Matrix rows = new Matrix(x.data(), x.offset(), x.tokens(), width, x.tokenStride());
    new ScalarRope(RopeLayout.HALF_SPLIT).rotate(rows, x.headDim(), positions, TABLE);
  }

  /**
   * The largest error over its bound of one query.
   *
   * @param parts the positions of the keys of each partial result, in the order of merging
   */
  double worst(int sequence, int position, List<int[]> parts, Heads o) {
    double worst = 0;
    for (int h = 0; h < shape.heads(); h++) {
      ReferenceAttention.Expected merged = null;
      for (int[] part : parts) {
        ReferenceAttention.Expected one =
            ReferenceAttention.row(
                AttentionCore.scale(shape.headDim()),
                false,
                q[sequence],
                tokens(k[sequence], part),
                tokens(v[sequence], part),
                position,
                h);
        merged = merged == null ? one : ReferenceAttention.merged(merged, one);
      }
      for (int d = 0; d < shape.headDim(); d++) {
        double ratio = Expected.ratio(o.at(position, h, d), merged.o()[d], merged.oBound()[d]);
        worst = Math.max(worst, ratio);
      }
    }
    return worst;
  }

  /** Some tokens, one after the other. */
  static Heads tokens(Heads all, int[] positions) {
    Heads some = Heads.zeros(positions.length, all.heads(), all.headDim());
    for (int t = 0; t < positions.length; t++) {
      copy(all, positions[t], some, t);
    }
    return some;
  }

  /** Copies a token. */
  static void copy(Heads from, int token, Heads to, int at) {
    for (int h = 0; h < from.heads(); h++) {
      System.arraycopy(
          from.data(), from.index(token, h), to.data(), to.index(at, h), from.headDim());
    }
  }
}
