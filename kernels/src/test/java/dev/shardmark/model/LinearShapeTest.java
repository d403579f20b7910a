package dev.shardmark.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.shardmark.kernels.Work;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LinearShapeTest {
  /** Llama-3.1-8B's up projection, 4096 to 14336, split into parts of its outputs or its tokens. */
  @ParameterizedTest
  @CsvSource({
    "1, 1, 1.0, 1.0",
    "1, 2, 1.0, ",
    "1, 4, 1.0, ",
    "1, 8, 1.0, ",
    "1, 16, 1.0, ",
    "64, 1, 62.7, 62.7",
    "64, 2, 62.5, 31.7",
    "64, 4, 61.9, 15.9",
    "64, 8, 60.9, 8.0",
    "64, 16, 58.9, 4.0",
    "512, 1, 441, 441",
    "512, 2, 428, 237",
    "512, 4, 404, 123",
    "512, 8, 363, 62.7",
    "512, 16, 302, 31.7",
    "2048, 1, 1247, 1247",
    "2048, 2, 1147, 775",
    "2048, 4, 989, 441",
    "2048, 8, 775, 237",
    "2048, 16, 541, 123",
  })
  void intensityFallsSlowlyWithWidthAndFastWithTokens(
      int tokens, int parts, double tensor, Double data) {
    LinearShape column = new LinearShape(tokens, 4096, 14336 / parts);
    LinearShape row = new LinearShape(tokens, 14336 / parts, 4096);
    assertIntensity(column, tensor);
    assertIntensity(row, tensor);
    if (data != null) {
      assertIntensity(new LinearShape(tokens / parts, 4096, 14336), data);
    }
  }

  /** The figures are in bf16, to three digits or one decimal; fp32 moves twice the bytes. */
  private static void assertIntensity(LinearShape shape, double bf16) {
    double rounding = bf16 < 100 ? 0.05 : 0.5;
    assertThat(shape.work(2).intensity()).isCloseTo(bf16, within(rounding));
    assertThat(2 * shape.work().intensity()).isCloseTo(bf16, within(rounding));
  }

  @Test
  void worksOutOneShapeByHand() {
    assertThat(new LinearShape(2, 3, 5).work()).isEqualTo(new Work(60, 4 * (6 + 15 + 10)));
    assertThat(new LinearShape(2, 3, 5).work(2)).isEqualTo(new Work(60, 2 * (6 + 15 + 10)));
  }

  @Test
  void noTokensStillReadTheWeights() {
    assertThat(new LinearShape(0, 3, 5).work()).isEqualTo(new Work(0, 60));
  }

  @Test
  void refusesNegativeDimensions() {
    assertThatThrownBy(() -> new LinearShape(-1, 3, 5))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("shape must not be negative: m=-1 k=3 n=5");
  }
}
