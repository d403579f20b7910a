package dev.shardmark.collectives;

import static org.assertj.core.api.Assertions.assertThat;

import dev.shardmark.kernels.math.Bf16;
import java.util.SplittableRandom;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class Bf16ReductionTest {
  private static final float[] SPECIAL = {
    -0f, 0f, Float.NEGATIVE_INFINITY, Float.POSITIVE_INFINITY, 0x1p-133f, 3.38e38f, Float.NaN
  };

  /** Tails of every length around a pair of vectors, up to 512 bits, and offsets that differ. */
  @ParameterizedTest
  @EnumSource
  void combinesTheSliceAndNothingElse(ReduceOp op) {
    SplittableRandom random = new SplittableRandom(42);
    for (int length = 0; length < 140; length++) {
      for (int offset = 0; offset < 3; offset++) {
        short[] acc = mixed(random, length + 2 * offset + 1, 6);
        short[] in = mixed(random, length + 9, 7);
        short[] expected = acc.clone();
        for (int i = 0; i < length; i++) {
          float a = Bf16.widen(acc[offset + i]);
          expected[offset + i] = Bf16.round(op.apply(a, Bf16.widen(in[5 + i])));
        }
        short[] inBefore = in.clone();
        Bf16Reduction.combine(op, acc, offset, in, 5, length);
        assertSame(acc, expected);
        assertThat(in).isEqualTo(inBefore);
      }
    }
  }

  @ParameterizedTest
  @EnumSource
  void combinesSlicesOfOneArray(ReduceOp op) {
    short[] array = mixed(new SplittableRandom(42), 200, 1000);
    short[] expected = array.clone();
    for (int i = 0; i < 99; i++) {
      expected[i] = Bf16.round(op.apply(Bf16.widen(array[i]), Bf16.widen(array[100 + i])));
    }
    Bf16Reduction.combine(op, array, 0, array, 100, 99);
    assertThat(array).isEqualTo(expected);
  }

  /** Which bits a NaN has is left open; all else is compared bit by bit. */
  private static void assertSame(short[] actual, short[] expected) {
    for (int i = 0; i < actual.length; i++) {
      if (Float.isNaN(Bf16.widen(expected[i]))) {
        assertThat(Bf16.widen(actual[i])).isNaN();
      } else {
        assertThat(actual[i]).as("element %d of %d", i, actual.length).isEqualTo(expected[i]);
      }
    }
  }

  private static short[] mixed(SplittableRandom random, int length, int every) {
    short[] values = new short[length];
    for (int i = 0; i < length; i++) {
      boolean special = i % every == every - 1;
      float value =
          special ? SPECIAL[random.nextInt(SPECIAL.length)] : (float) random.nextGaussian();
      values[i] = Bf16.round(value);
    }
    return values;
  }
}
