package dev.shardmark.collectives;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.SplittableRandom;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class ReduceOpTest {
  @ParameterizedTest
  @EnumSource
  void combinesTheSliceAndNothingElse(ReduceOp op) {
    SplittableRandom random = new SplittableRandom(42);
    float[] special = {Float.NaN, -0f, 0f, Float.NEGATIVE_INFINITY, Float.POSITIVE_INFINITY};
    for (int length = 0; length < 70; length++) {
      float[] acc = new float[length + 5];
      float[] in = new float[length + 9];
      for (int i = 0; i < acc.length; i++) {
        acc[i] = (i + length) % 6 == 0 ? special[i % 5] : random.nextInt(100);
      }
      for (int i = 0; i < in.length; i++) {
        in[i] = (i + length) % 7 == 0 ? special[i % 5] : random.nextInt(100);
      }
      float[] expected = acc.clone();
      for (int i = 0; i < length; i++) {
        expected[2 + i] = op.apply(acc[2 + i], in[5 + i]);
      }
      op.combine(acc, 2, in, 5, length);
      assertThat(acc).isEqualTo(expected);
    }
  }
}
