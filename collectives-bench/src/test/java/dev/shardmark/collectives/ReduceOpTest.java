package dev.shardmark.collectives;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class ReduceOpTest {
  private static final float[] SPECIAL = {
    Float.NaN, -0f, 0f, Float.NEGATIVE_INFINITY, Float.POSITIVE_INFINITY
  };

  @ParameterizedTest
  @EnumSource
  void combinesTheSliceAndNothingElse(ReduceOp op) {
    SplittableRandom random = new SplittableRandom(42);
    for (int length = 0; length < 70; length++) {
      float[] acc = mixed(random, length + 5, 6);
      float[] in = mixed(random, length + 9, 7);
      float[] inBefore = in.clone();
      float[] expected = combined(op, acc, in, length);
      op.combine(acc, 2, in, 5, length);
      assertThat(acc).isEqualTo(expected);
      assertThat(in).isEqualTo(inBefore);
    }
  }

  @ParameterizedTest
  @EnumSource
  void combinesIntoBothSlicesAndNothingElse(ReduceOp op) {
    SplittableRandom random = new SplittableRandom(42);
    for (int length = 0; length < 70; length++) {
      float[] a = mixed(random, length + 5, 6);
      float[] b = mixed(random, length + 9, 7);
      float[] expectedA = combined(op, a, b, length);
      float[] expectedB = b.clone();
      System.arraycopy(expectedA, 2, expectedB, 5, length);
      op.combineIntoBoth(a, 2, b, 5, length);
      assertThat(a).isEqualTo(expectedA);
      assertThat(b).isEqualTo(expectedB);
    }
  }

  @ParameterizedTest
  @EnumSource
  void combinesSlicesOfOneArray(ReduceOp op) {
    float[] array = mixed(new SplittableRandom(42), 200, 6);
    float[] expected = array.clone();
    for (int i = 0; i < 99; i++) {
      expected[i] = op.apply(array[i], array[100 + i]);
    }
    op.combine(array, 0, array, 100, 99);
    assertThat(array).isEqualTo(expected);
  }

  @Test
  void nanWinsAndMinusZeroIsBelowZero() {
    for (ReduceOp op : ReduceOp.values()) {
      assertThat(op.apply(Float.NaN, 1)).isNaN();
      assertThat(op.apply(1, Float.NaN)).isNaN();
    }
    assertThat(ReduceOp.MAX.apply(-0f, 0f)).isEqualTo(0f);
    assertThat(ReduceOp.MIN.apply(0f, -0f)).isEqualTo(-0f);
  }

  @Test
  void names() {
    assertThat(ReduceOp.values())
        .extracting(ReduceOp::parameter)
        .containsExactly("sum", "max", "min");
  }

  private static float[] combined(ReduceOp op, float[] acc, float[] in, int length) {
    float[] expected = acc.clone();
    for (int i = 0; i < length; i++) {
      expected[2 + i] = op.apply(acc[2 + i], in[5 + i]);
    }
    return expected;
  }

  private static float[] mixed(SplittableRandom random, int length, int every) {
    float[] values = new float[length];
    for (int i = 0; i < length; i++) {
      values[i] = (i + length) % every == 0 ? SPECIAL[i % 5] : random.nextInt(100);
    }
    return values;
  }
}
