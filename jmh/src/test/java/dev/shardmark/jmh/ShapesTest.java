package dev.shardmark.jmh;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.shardmark.kernels.Caches;
import dev.shardmark.kernels.gemm.Blocking;
import java.util.Collections;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Shapes as text: right ones are read, bad ones refused with the rule and the value. */
final class ShapesTest {
  private static final String COUNTS = " with counts from 1 to 999999999";

  private static final Map<String, Function<String, Record>> SHAPES =
      Map.of(
          "MxNxK" + COUNTS,
          Shape::of,
          "RxC" + COUNTS,
          RowShape::of,
          "TOKENSxHEADSxHEADDIM" + COUNTS + ", the last one even",
          RopeShape::of,
          "IDSxVOCABULARYxMODEL" + COUNTS,
          EmbeddingShape::of,
          "TOKENSxKVHEADSxHEADDIM" + COUNTS,
          KvAppendShape::of,
          "TOKENSxEXPERTSxTOPK" + COUNTS + " and topK <= experts",
          RouterShape::of,
          "TOKENSxEXPERTSxTOPKxMODEL" + COUNTS + " and topK <= experts",
          PermuteShape::of,
          "HEADSxKVHEADSxTOKENSxKVTOKENSxHEADDIM, counts from 1 to 999999999, and kvHeads must"
              + " divide heads",
          AttentionShape::of);

  static Stream<Arguments> bad() {
    return SHAPES.keySet().stream()
        .flatMap(
            rule -> {
              int counts = rule.split("[ ,]")[0].split("x").length;
              return Stream.of(
                      "",
                      "x",
                      text(counts, "0"),
                      text(counts, "-2"),
                      text(counts, "2.0"),
                      text(counts, "1000000000"),
                      text(counts - 1, "2"),
                      text(counts + 1, "2"),
                      text(counts, "2") + "x",
                      " " + text(counts, "2"),
                      text(counts, "2").replace('x', 'X'))
                  .map(text -> Arguments.of(rule, text));
            });
  }

  private static String text(int counts, String count) {
    return String.join("x", Collections.nCopies(counts, count));
  }

  @ParameterizedTest
  @MethodSource("bad")
  void refusesBadText(String rule, String text) {
    assertThatThrownBy(() -> SHAPES.get(rule).apply(text))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("shape must be " + rule + ": shape=" + text);
  }

  @Test
  void readsEveryCountInItsPlace() {
    assertThat(Shape.of("1x2x3")).isEqualTo(new Shape(1, 2, 3));
    assertThat(RowShape.of("1x999999999")).isEqualTo(new RowShape(1, 999_999_999));
    assertThat(RopeShape.of("1x2x4")).isEqualTo(new RopeShape(1, 2, 4));
    assertThat(EmbeddingShape.of("1x2x3")).isEqualTo(new EmbeddingShape(1, 2, 3));
    assertThat(KvAppendShape.of("1x2x3")).isEqualTo(new KvAppendShape(1, 2, 3));
    assertThat(RouterShape.of("1x3x2")).isEqualTo(new RouterShape(1, 3, 2));
    assertThat(PermuteShape.of("1x3x2x4")).isEqualTo(new PermuteShape(new RouterShape(1, 3, 2), 4));
    assertThat(AttentionShape.of("4x2x1x3x5")).isEqualTo(new AttentionShape(4, 2, 1, 3, 5));
  }

  @Test
  void refusesCountsThatDoNotGoTogether() {
    for (String odd : new String[] {"1x2x3", "512x32x127"}) {
      assertThatThrownBy(() -> RopeShape.of(odd)).hasMessageEndingWith("even: shape=" + odd);
    }
    assertThatThrownBy(() -> RouterShape.of("1x2x3")).hasMessageEndingWith("experts: shape=1x2x3");
    assertThatThrownBy(() -> PermuteShape.of("1x2x3x4"))
        .hasMessage(
            "shape must be TOKENSxEXPERTSxTOPKxMODEL"
                + (COUNTS + " and topK <= experts: shape=1x2x3x4"));
    assertThatThrownBy(() -> PermuteShape.of("0x2x1x4")).hasMessageEndingWith("shape=0x2x1x4");
    assertThatThrownBy(() -> AttentionShape.of("4x3x1x3x5")).hasMessageContaining("divide heads");
  }

  @ParameterizedTest
  @MethodSource("rules")
  void refusesCountsWhoseFlopWouldOverflow(String rule) {
    String text = text(rule.split("[ ,]")[0].split("x").length, "999999998");
    assertThatThrownBy(() -> SHAPES.get(rule).apply(text))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("the counts of a shape must multiply to at most 2^53: shape=" + text);
  }

  static Stream<String> rules() {
    return SHAPES.keySet().stream();
  }

  @Test
  void readsEveryBlockInItsPlace() {
    assertThat(BlockingChoice.of("1x2x3x4")).isEqualTo(new Blocking(1, 2, 3, 4));
    assertThat(BlockingChoice.of("auto")).isEqualTo(Blocking.of(Caches.here()));
  }

  @Test
  void refusesMoreLogitsThanAPlanHasTimeFor() {
    ExpertLoad load = ExpertLoad.of("40000x2");
    assertThatThrownBy(() -> load.offsets(80_000, Skew.UNIFORM))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("tokens times experts must be at most 2^24: tokens=40000 experts=40000");
    assertThatThrownBy(() -> ExpertLoad.of("8x9"))
        .hasMessage(
            "experts must be EXPERTSxTOPK with counts from 1 to 999999999 and topK <= experts:"
                + " experts=8x9");
  }
}
