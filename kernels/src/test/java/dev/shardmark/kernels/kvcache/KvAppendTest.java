package dev.shardmark.kernels.kvcache;

import static dev.shardmark.kernels.Species.LANES;
import static dev.shardmark.kernels.gemm.MicroKernel.KC;
import static dev.shardmark.kernels.gemm.MicroKernel.NR;
import static dev.shardmark.kernels.math.Bf16.pairPlace;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.shardmark.kernels.Kernels;
import dev.shardmark.kernels.Matrix;
import dev.shardmark.kernels.TestMatrices;
import dev.shardmark.kernels.Variant;
import dev.shardmark.kernels.math.Bf16;
import java.util.Arrays;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Every variant of {@link KvAppend}, and wrong ones that the check must reject. */
final class KvAppendTest {
  private static final int BLOCK = 2 * NR;

  @ParameterizedTest
  @EnumSource(KvStorage.class)
  void appendsExactlyAroundBlocksAndLanes(KvStorage storage) {
    for (Variant variant : Variant.OWN) {
      for (int before : new int[] {0, 1, NR, BLOCK - 1, BLOCK, BLOCK + 1}) {
        for (int tokens : new int[] {0, 1, NR + 1, BLOCK - 1, BLOCK, BLOCK + 1, 2 * BLOCK + 1}) {
          for (int dim : new int[] {0, 1, LANES - 1, NR, NR + 3}) {
            assertThat(worst(Kernels.kvAppend(variant), storage, before, tokens, dim)).isZero();
          }
        }
      }
    }
  }

  @ParameterizedTest
  @EnumSource(KvStorage.class)
  void appendsHeadsOfSeveralPanels(KvStorage storage) {
    for (Variant variant : Variant.OWN) {
      assertThat(worst(Kernels.kvAppend(variant), storage, 3, NR, 2 * KC + 3)).isZero();
    }
  }

  @ParameterizedTest
  @EnumSource(KvStorage.class)
  void writesNothingBeyondTheNewTokens(KvStorage storage) {
    for (Variant variant : Variant.OWN) {
      for (int dim : new int[] {NR - 1, NR, KC + 3}) {
        KvPool pool = new KvPool(storage, 3, BLOCK, 2, dim);
        Matrix ones = Matrix.zeros(BLOCK + 3, 2 * dim);
        Arrays.fill(ones.data(), 1);
        Kernels.kvAppend(variant).append(new KvSequence(pool), ones, ones);
        assertThat(sum(pool)).isEqualTo(2L * (BLOCK + 3) * 2 * dim);
      }
    }
  }

  /** The sum of all that the panels hold, headers and padding included. */
  private static double sum(KvPool pool) {
    double sum = 0;
    for (int i = 0; i < pool.blocks() * pool.kvHeads(); i++) {
      int block = i / pool.kvHeads();
      int head = i % pool.kvHeads();
      if (pool.storage() == KvStorage.BF16) {
        sum += sum(pool.bf16KeyPanels(block, head)) + sum(pool.bf16ValueStrips(block, head));
      } else {
        sum += sum(pool.keyPanels(block, head)) + sum(pool.valueStrips(block, head));
      }
    }
    return sum;
  }

  private static double sum(float[][] panels) {
    double sum = 0;
    for (float[] panel : panels) {
      for (float x : panel) {
        sum += x;
      }
    }
    return sum;
  }

  private static double sum(short[][] panels) {
    double sum = 0;
    for (short[] panel : panels) {
      for (short x : panel) {
        sum += Bf16.widen(x);
      }
    }
    return sum;
  }

  @ParameterizedTest
  @EnumSource(KvStorage.class)
  void keepsWhatIsNotFinite(KvStorage storage) {
    for (Variant variant : Variant.OWN) {
      Matrix k = Matrix.zeros(1, 2 * LANES);
      float[] special = {Float.NaN, 1 / 0f, -1 / 0f, Float.MAX_VALUE, Float.MIN_VALUE, -0f, 1e-39f};
      for (int i = 0; i < k.cols(); i++) {
        k.data()[k.offset() + i] = special[i % special.length];
      }
      KvSequence sequence = new KvSequence(new KvPool(storage, 1, BLOCK, 1, 2 * LANES));
      Kernels.kvAppend(variant).append(sequence, k, k);
      assertThat(KvAppendCheck.worst(sequence, 0, k, k)).isZero();
    }
  }

  @Test
  void countsBytesAsStored() {
    assertThat(KvAppend.work(3, 2, 128, KvStorage.FP32).bytes()).isEqualTo(2 * 3 * 2 * 128 * 8);
    assertThat(KvAppend.work(3, 2, 128, KvStorage.BF16).bytes()).isEqualTo(2 * 3 * 2 * 128 * 6);
  }

  @Test
  void refusesShapesThatDisagree() {
    KvSequence sequence = new KvSequence(new KvPool(KvStorage.FP32, 1, BLOCK, 2, 8));
    for (Variant variant : Variant.OWN) {
      assertThatThrownBy(
              () ->
                  Kernels.kvAppend(variant)
                      .append(sequence, Matrix.zeros(3, 16), Matrix.zeros(3, 8)))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessage("shapes disagree: K is 3x16, V is 3x8, a token of the cache is 2x8");
    }
    assertThat(sequence.tokens()).isZero();
  }

  /** What a wrong kernel does instead. */
  private interface Write {
    void at(KvSequence s, Matrix k, Matrix v, int first, int t, int h, int d);
  }

  private static Map<String, Write> wrong() {
    Map<String, Write> wrong = new TreeMap<>();
    wrong.put(
        "truncates instead of rounding",
        (s, k, v, first, t, h, d) ->
            put(s, first + t, h, d, bits(element(k, s, t, h, d)), bits(element(v, s, t, h, d))));
    wrong.put(
        "swaps K and V",
        (s, k, v, first, t, h, d) ->
            put(s, first + t, h, d, round(element(v, s, t, h, d)), round(element(k, s, t, h, d))));
    wrong.put(
        "ignores the tokens before",
        (s, k, v, first, t, h, d) ->
            put(s, t, h, d, round(element(k, s, t, h, d)), round(element(v, s, t, h, d))));
    wrong.put(
        "writes all heads to the first",
        (s, k, v, first, t, h, d) ->
            put(s, first + t, 0, d, round(element(k, s, t, h, d)), round(element(v, s, t, h, d))));
    wrong.put(
        "does not transpose K",
        (s, k, v, first, t, h, d) -> {
          int token = first + t;
          int panel = token - token % NR;
          int at = token % NR * 8 + d;
          put(s, token, h, d, (short) 0, round(element(v, s, t, h, d)));
          short[] keys = s.pool().bf16KeyPanels(s.block(token / BLOCK), h)[panel % BLOCK / NR];
          keys[Bf16.START + at] = round(element(k, s, t, h, d));
        });
    wrong.put(
        "forgets the tokens before the panel of K",
        (s, k, v, first, t, h, d) -> {
          short value = round(element(v, s, t, h, d));
          put(s, first + t, h, d, (short) 0, value);
          short[] keys = s.pool().bf16KeyPanels(s.block((first + t) / BLOCK), h)[0];
          keys[Bf16.START + d * NR + pairPlace((first + t) % NR)] = round(element(k, s, t, h, d));
        });
    wrong.put(
        "keeps bf16 in the order of fp32",
        (s, k, v, first, t, h, d) -> {
          short[] strip = s.pool().bf16ValueStrips(s.block((first + t) / BLOCK), h)[d / NR];
          put(s, first + t, h, d, round(element(k, s, t, h, d)), (short) 0);
          strip[Bf16.START + (first + t) % BLOCK * NR + d % NR] = round(element(v, s, t, h, d));
        });
    wrong.put(
        "rounds ties away from zero",
        (s, k, v, first, t, h, d) ->
            put(s, first + t, h, d, away(element(k, s, t, h, d)), away(element(v, s, t, h, d))));
    wrong.put(
        "drops the last token",
        (s, k, v, first, t, h, d) -> {
          if (t < k.rows() - 1) {
            short key = round(element(k, s, t, h, d));
            put(s, first + t, h, d, key, round(element(v, s, t, h, d)));
          }
        });
    return wrong;
  }

  static Stream<String> names() {
    return wrong().keySet().stream();
  }

  @ParameterizedTest
  @MethodSource("names")
  void theCheckRejects(String name) {
    assertThat(worst(elementwise(wrong().get(name)), KvStorage.BF16, 5, BLOCK + 4, 8))
        .isGreaterThan(1);
  }

  @Test
  void theCheckAcceptsTheSameLoopDoneRight() {
    Write right =
        (s, k, v, first, t, h, d) ->
            put(s, first + t, h, d, round(element(k, s, t, h, d)), round(element(v, s, t, h, d)));
    assertThat(worst(elementwise(right), KvStorage.BF16, 5, BLOCK + 4, 8)).isZero();
  }

  private static KvAppend elementwise(Write write) {
    return (s, k, v) -> {
      int first = s.extend(k.rows());
      for (int t = 0; t < k.rows(); t++) {
        for (int j = 0; j < k.cols(); j++) {
          int dim = s.pool().headDim();
          write.at(s, k, v, first, t, j / dim, j % dim);
        }
      }
    };
  }

  private static float element(Matrix m, KvSequence s, int t, int h, int d) {
    return m.at(t, h * s.pool().headDim() + d);
  }

  private static void put(KvSequence s, int token, int h, int d, short key, short value) {
    int block = s.block(token / BLOCK);
    int t = token % BLOCK;
    s.pool().bf16KeyPanels(block, h)[t / NR][Bf16.START + d * NR + pairPlace(t % NR)] = key;
    s.pool().bf16ValueStrips(block, h)[d / NR][Bf16.START + t * NR + pairPlace(d % NR)] = value;
  }

  private static short round(float x) {
    return Bf16.round(x);
  }

  private static short bits(float x) {
    return (short) (Float.floatToRawIntBits(x) >>> 16);
  }

  private static short away(float x) {
    return (short) (Float.floatToRawIntBits(x) + 0x8000 >>> 16);
  }

  private static double worst(KvAppend append, KvStorage storage, int before, int tokens, int dim) {
    SplittableRandom random = new SplittableRandom(before + 100L * tokens);
    KvPool pool = new KvPool(storage, 6, BLOCK, 3, dim);
    new KvSequence(pool).extend(1); // so that blocks do not start with the pool
    KvSequence sequence = new KvSequence(pool);
    Matrix old = TestMatrices.padded(before, 3 * dim, random);
    append.append(sequence, old, old);
    Matrix k = TestMatrices.mixed(tokens, 3 * dim, random);
    Matrix v = TestMatrices.mixed(tokens, 3 * dim, random);
    tie(k);
    append.append(sequence, k, v);
    return KvAppendCheck.worst(sequence, before, k, v);
  }

  /** Puts in values halfway between two bfloat16. */
  private static void tie(Matrix m) {
    for (int t = 0; t < m.rows() && m.cols() > 0; t++) {
      int at = m.offset() + t * m.rowStride();
      m.data()[at] = Float.intBitsToFloat(0x3f808000 + (t << 16));
    }
  }
}
