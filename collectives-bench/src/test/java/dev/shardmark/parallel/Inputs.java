package dev.shardmark.parallel;

import dev.shardmark.kernels.Kernels;
import dev.shardmark.kernels.Matrix;
import dev.shardmark.kernels.Variant;
import dev.shardmark.kernels.kvcache.KvPool;
import dev.shardmark.kernels.kvcache.KvSequence;
import dev.shardmark.kernels.kvcache.KvStorage;
import dev.shardmark.parallel.oracle.CachedTokens;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;

/** What small layers of tests work on; the same for everyone who asks. */
public final class Inputs {
  private Inputs() {}

  /** Elements uniform in -1 to 1. */
  public static Matrix uniform(long seed, int rows, int cols) {
    SplittableRandom random = new SplittableRandom(seed);
    Matrix m = Matrix.zeros(rows, cols);
    for (int i = 0; i < rows * cols; i++) {
      m.data()[m.offset() + i] = (float) (2 * random.nextDouble() - 1);
    }
    return m;
  }

  /** A dense copy of some rows. */
  public static Matrix rows(Matrix m, int first, int count) {
    Matrix copy = Matrix.zeros(count, m.cols());
    for (int i = 0; i < count; i++) {
      int from = m.offset() + (first + i) * m.rowStride();
      System.arraycopy(m.data(), from, copy.data(), copy.offset() + i * m.cols(), m.cols());
    }
    return copy;
  }

  /** Elements row by row, bit by bit. */
  public static int[] bits(Matrix m) {
    int[] bits = new int[m.rows() * m.cols()];
    Arrays.setAll(bits, at -> Float.floatToRawIntBits(m.at(at / m.cols(), at % m.cols())));
    return bits;
  }

  /** What sequences have cached; an empty list of an empty context. */
  public static List<CachedTokens> cached(long seed, LayerSpec spec, int sequences, int context) {
    List<CachedTokens> cached = new ArrayList<>();
    int width = spec.kvHeads() * spec.headDim();
    for (int s = 0; context > 0 && s < sequences; s++) {
      Matrix keys = uniform(seed + 2 * s, context, width);
      cached.add(new CachedTokens(keys, uniform(seed + 2 * s + 1, context, width)));
    }
    return cached;
  }

  /** Caches that hold these, and have room for more. */
  public static KvSequence[] caches(List<CachedTokens> cached, int headDim, int room) {
    KvSequence[] caches = new KvSequence[cached.size()];
    for (int s = 0; s < caches.length; s++) {
      CachedTokens tokens = cached.get(s);
      int heads = tokens.keys().cols() / headDim;
      int most = tokens.tokens() + room;
      caches[s] = new KvSequence(KvPool.contiguous(KvStorage.FP32, 1, most, heads, headDim));
      Kernels.kvAppend(Variant.SCALAR).append(caches[s], tokens.keys(), tokens.values());
    }
    return caches;
  }
}
