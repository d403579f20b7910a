package dev.shardmark.kernels;

import static org.assertj.core.api.Assertions.assertThat;

import dev.shardmark.kernels.attention.Attention;
import dev.shardmark.kernels.attention.Heads;
import dev.shardmark.kernels.loss.CrossEntropy;
import dev.shardmark.kernels.norm.LayerNorm;
import dev.shardmark.kernels.norm.RmsNorm;
import dev.shardmark.kernels.softmax.OnlineVectorSoftmax;
import dev.shardmark.kernels.softmax.Softmax;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Kernels that add across lanes give equal calls equal bits, from the first, which is interpreted,
 * to the last, which is compiled.
 */
final class SameBitsTest {
  private static final int CALLS = 1500;
  private static final int ROWS = 12;
  private static final int COLS = 197;
  private static final int HEAD_DIM = 40;

  private static Map<String, Supplier<float[]>> calls() {
    SplittableRandom random = new SplittableRandom(11);
    Matrix x = TestMatrices.padded(ROWS, COLS, random);
    Matrix weight = TestMatrices.padded(1, COLS, random);
    Matrix y = Matrix.zeros(ROWS, COLS);
    float[] ofRows = new float[ROWS];
    Map<String, Supplier<float[]>> calls = new LinkedHashMap<>();
    RmsNorm rms = Kernels.rmsNorm(Variant.VECTOR);
    calls.put("rms norm", () -> after(() -> rms.normalize(x, weight, 1e-5f, y), y.data()));
    LayerNorm layer = Kernels.layerNorm(Variant.VECTOR);
    calls.put(
        "layer norm", () -> after(() -> layer.normalize(x, weight, weight, 1e-5f, y), y.data()));
    Softmax softmax = Kernels.softmax(Variant.VECTOR);
    calls.put("softmax", () -> after(() -> softmax.softmax(1, x, null, y, null), y.data()));
    Softmax online = new OnlineVectorSoftmax();
    calls.put("online softmax", () -> after(() -> online.softmax(1, x, null, y, null), y.data()));
    CrossEntropy loss = Kernels.crossEntropy(Variant.VECTOR);
    calls.put("loss", () -> after(() -> loss.losses(x, new int[ROWS], ofRows), ofRows));
    Attention attention = Kernels.attention(Variant.VECTOR);
    Heads q = heads(1, 2, random);
    Heads k = heads(COLS, 1, random);
    Heads o = Heads.zeros(1, 2, HEAD_DIM);
    Matrix lse = Matrix.zeros(1, 2);
    calls.put("attention", () -> after(() -> attention.attend(1, true, q, k, k, o, lse), o.data()));
    return calls;
  }

  static Stream<String> names() {
    return calls().keySet().stream();
  }

  @ParameterizedTest
  @MethodSource("names")
  void equalCallsGiveEqualBits(String name) {
    Supplier<float[]> call = calls().get(name);
    float[] first = call.get();
    for (int i = 1; i < CALLS; i++) {
      assertThat(Arrays.equals(call.get(), first)).as("call=%s", i).isTrue();
    }
  }

  private static float[] after(Runnable call, float[] result) {
    call.run();
    return result.clone();
  }

  private static Heads heads(int tokens, int heads, SplittableRandom random) {
    Heads x = Heads.zeros(tokens, heads, HEAD_DIM);
    for (int i = 0; i < x.data().length; i++) {
      x.data()[i] = random.nextFloat() * 2 - 1;
    }
    return x;
  }
}
