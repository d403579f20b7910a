package dev.shardmark.kernels.attention;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

final class HeadsTest {
  @Test
  void readsTokensOutsideHeadsAndHeadsOutsideTokens() {
    float[] data = {9, 0, 1, 2, 3, 4, 5, 6, 7};
    assertThat(new Heads(data, 1, 2, 2, 2, 4, 2).at(1, 0, 1)).isEqualTo(5);
    assertThat(new Heads(data, 1, 2, 2, 2, 2, 4).at(1, 0, 1)).isEqualTo(3);
    assertThat(new Heads(data, 1, 2, 2, 2, 4, 2).slice(1, 1).at(0, 1, 0)).isEqualTo(6);
    assertThat(Heads.zeros(3, 2, 5).data()).hasSizeGreaterThanOrEqualTo(30);
  }

  @Test
  void refusesOverlapAndWhatLiesOutsideTheBuffer() {
    float[] data = new float[8];
    assertThatThrownBy(() -> new Heads(data, 0, 2, 2, 2, 3, 2))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "heads must not overlap: tokens=2 heads=2 headDim=2 tokenStride=3 headStride=2");
    assertThatThrownBy(() -> new Heads(data, 0, -1, 2, 2, 4, 2))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> new Heads(data, 1, 2, 2, 2, 4, 2))
        .isInstanceOf(IndexOutOfBoundsException.class);
    assertThat(new Heads(data, 8, 0, 2, 2, 0, 0).tokens()).isZero();
  }
}
