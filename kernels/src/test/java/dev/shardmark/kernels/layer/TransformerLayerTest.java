package dev.shardmark.kernels.layer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.shardmark.kernels.Kernels;
import dev.shardmark.kernels.Matrix;
import dev.shardmark.kernels.Variant;
import dev.shardmark.kernels.kvcache.KvPool;
import dev.shardmark.kernels.kvcache.KvSequence;
import dev.shardmark.kernels.kvcache.KvStorage;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.function.DoubleSupplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Whole layers against a composition in double, and step by step against each kernel's oracle. */
final class TransformerLayerTest {
  /** Small, because the bound of sums of k magnitudes grows with k at each of five products. */
  private static final Map<String, LayerShape> SHAPES = new LinkedHashMap<>();

  static {
    SHAPES.put("prompt", new LayerShape(1, 7, 0, 20, 4, 2, 6, false, 18, 0, 0));
    SHAPES.put("two prompts, norms of heads", new LayerShape(2, 5, 0, 20, 4, 2, 6, true, 18, 0, 0));
    SHAPES.put("end of a prompt", new LayerShape(1, 3, 9, 20, 4, 1, 6, true, 18, 0, 0));
    SHAPES.put("three sequences", new LayerShape(3, 1, 9, 20, 4, 2, 6, true, 18, 0, 0));
    SHAPES.put("experts, prompt", new LayerShape(1, 9, 0, 20, 4, 2, 6, false, 18, 6, 2));
    SHAPES.put("experts, sequences", new LayerShape(4, 1, 5, 20, 4, 2, 6, true, 18, 6, 2));
  }

  /** A layer, its weights and caches. */
  private record Made(
      LayerShape shape, LayerWeights weights, KvSequence[] caches, TransformerLayer layer) {
    double worst() {
      return new ReferenceLayer(shape, weights).run(layer.input(), caches).worst(layer.output());
    }
  }

  private static Made make(LayerShape s, Variant variant) {
    SplittableRandom random = new SplittableRandom(5);
    LayerWeights weights = LayerWeights.of(s, (k, n) -> random(k, n, random));
    KvSequence[] caches = new KvSequence[s.sequences()];
    for (int i = 0; i < caches.length; i++) {
      KvPool pool =
          KvPool.contiguous(KvStorage.FP32, 1, s.context() + s.tokens(), s.kvHeads(), s.headDim());
      Matrix k = Matrix.zeros(s.context() + s.tokens(), s.kvHeads() * s.headDim());
      Matrix v = Matrix.zeros(s.context() + s.tokens(), s.kvHeads() * s.headDim());
      fill(k.data(), 1, random);
      fill(v.data(), 1, random);
      caches[i] = new KvSequence(pool);
      Kernels.kvAppend(Variant.SCALAR).append(caches[i], k, v);
      caches[i].free(); // the layer takes the same blocks again, as the context they hold
    }
    TransformerLayer layer = new TransformerLayer(s, weights, variant, caches);
    fill(layer.input().data(), 1, random);
    return new Made(s, weights, caches, layer);
  }

  private static Matrix random(int k, int n, SplittableRandom random) {
    Matrix m = Matrix.zeros(k, n);
    fill(m.data(), Math.sqrt(3.0 / k), random);
    return m;
  }

  private static void fill(float[] data, double scale, SplittableRandom random) {
    for (int i = 0; i < data.length; i++) {
      data[i] = (float) (scale * (2 * random.nextDouble() - 1));
    }
  }

  static Stream<String> names() {
    return SHAPES.keySet().stream();
  }

  @ParameterizedTest
  @MethodSource("names")
  void isWithinTheErrorThatItsStepsAddUpTo(String name) {
    for (Variant variant : Variant.OWN) {
      Made made = make(SHAPES.get(name), variant);
      made.layer().run();
      assertThat(made.worst()).as(variant.parameter()).isBetween(0.0, 1.0);
      float[] once = made.layer().output().data().clone();
      made.layer().run();
      assertThat(made.layer().output().data()).as("a second run").isEqualTo(once);
    }
  }

  @ParameterizedTest
  @MethodSource("names")
  void everyStepChecksItself(String name) {
    for (Variant variant : Variant.OWN) {
      assertThat(make(SHAPES.get(name), variant).layer().verify()).isBetween(0.0, 1.0);
    }
  }

  /** A prompt does not read what it appends. */
  @ParameterizedTest
  @MethodSource("names")
  void aLayerWithoutAnyOneOfItsStepsIsRejected(String name) {
    LayerShape s = SHAPES.get(name);
    List<LayerOperation> missed = new ArrayList<>();
    for (LayerOperation left : s.work().keySet()) {
      Made made = make(s, Variant.SCALAR);
      Arrays.stream(made.caches()).forEach(cache -> cache.extend(s.context() + s.tokens()));
      if (!rejected(made, left)) {
        missed.add(left);
      }
    }
    assertThat(missed).isEqualTo(s.context() == 0 ? List.of(LayerOperation.KV_APPEND) : List.of());
  }

  /** By its result, or because a later step finds no rows. */
  private static boolean rejected(Made made, LayerOperation left) {
    try {
      made.layer().steps().stream()
          .filter(step -> step.operation() != left)
          .forEach(step -> step.run().run());
    } catch (IllegalArgumentException e) {
      return left == LayerOperation.PERMUTE;
    }
    return made.worst() > 1;
  }

  /** Those of a permutation that was never made are PermutationTest's. */
  @Test
  void everyStepRejectsWhatItDidNotDo() {
    for (LayerShape s : SHAPES.values()) {
      Made made = make(s, Variant.SCALAR);
      for (LayerStep step : made.layer().steps()) {
        DoubleSupplier check = step.check().get();
        if (step.operation() == LayerOperation.PERMUTE) {
          step.run().run();
          continue;
        }
        assertThat(check.getAsDouble()).as(step.operation().name()).isGreaterThan(1);
        step.run().run();
      }
    }
  }

  @Test
  void everyOperationHasItsStepAndItsWork() {
    for (LayerShape s : SHAPES.values()) {
      assertThat(make(s, Variant.VECTOR).layer().steps())
          .extracting(LayerStep::operation)
          .containsExactlyElementsOf(s.work().keySet());
    }
    LayerShape s = SHAPES.get("prompt");
    long products = 2L * 7 * 20 * (8 * 6) + 2L * 7 * 24 * 20 + 3L * 2 * 7 * 20 * 18;
    assertThat(
            s.work().entrySet().stream()
                .filter(e -> e.getKey().part() == LayerOperation.Part.PRODUCT)
                .mapToLong(e -> e.getValue().flop())
                .sum())
        .isEqualTo(products);
  }

  @Test
  void refusesWhatDoesNotFit() {
    assertThatThrownBy(() -> new LayerShape(1, 1, 0, 8, 3, 2, 4, false, 8, 0, 0))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("kvHeads must divide heads, and a head be even: heads=3 kvHeads=2 headDim=4");
    assertThatThrownBy(() -> new LayerShape(1, 1, 0, 8, 2, 2, 4, false, 8, 2, 3))
        .hasMessage("topK must be in 1..experts, or 0 without: topK=3 experts=2");
    assertThatThrownBy(() -> new LayerShape(1 << 20, 1 << 20, 0, 8, 2, 2, 4, false, 8, 0, 0))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageEndingWith("rows=1099511627776 topK=0 keys=1048576");
    assertThatThrownBy(() -> new LayerShape(1 << 28, 1, 0, 8, 2, 2, 4, false, 8, 8, 8))
        .hasMessageContaining("rows times topK must be less than 2^31");
    assertThatThrownBy(() -> new LayerShape(1, 1 << 20, 1, 8, 2, 2, 4, false, 8, 0, 0))
        .hasMessageEndingWith("topK=0 keys=1048577");
    assertThatThrownBy(() -> new LayerShape(1, 0, 0, 8, 2, 2, 4, false, 8, 0, 0))
        .hasMessageContaining("tokens=0");
    LayerShape s = SHAPES.get("three sequences");
    LayerWeights weights = make(s, Variant.SCALAR).weights();
    assertThatThrownBy(() -> new TransformerLayer(s, weights, Variant.SCALAR, new KvSequence[1]))
        .hasMessage("every sequence needs a cache: sequences=3 caches=1");
  }
}
