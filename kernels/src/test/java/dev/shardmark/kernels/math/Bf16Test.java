package dev.shardmark.kernels.math;

import static dev.shardmark.kernels.Species.LANES;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** Rounding, scalar and in vectors, against the reference and by hand. */
final class Bf16Test {
  @Test
  void roundsTiesToEven() {
    assertThat(bits(0x3f808000)).isEqualTo(0x3f80); // 1 + half a step: down to even
    assertThat(bits(0x3f818000)).isEqualTo(0x3f82); // the next tie: up to even
    assertThat(bits(0x3f808001)).isEqualTo(0x3f81);
    assertThat(bits(0x3f817fff)).isEqualTo(0x3f81);
    assertThat(bits(0xbf818000)).isEqualTo(0xbf82);
  }

  @Test
  void carriesIntoTheExponentAndOverflowsToInfinity() {
    assertThat(bits(0x3fffffff)).isEqualTo(0x4000);
    assertThat(bits(0x7f7f7fff)).isEqualTo(0x7f7f);
    assertThat(bits(0x7f7f8000)).isEqualTo(0x7f80);
    assertThat(Bf16.widen(Bf16.round(-Float.MAX_VALUE))).isEqualTo(Float.NEGATIVE_INFINITY);
    assertThat(Bf16.widen(Bf16.round(Float.POSITIVE_INFINITY))).isEqualTo(Float.POSITIVE_INFINITY);
  }

  @Test
  void keepsZerosAndSubnormals() {
    assertThat(bits(0x80000000)).isEqualTo(0x8000);
    assertThat(bits(0x00008000)).isZero();
    assertThat(bits(0x00008001)).isEqualTo(1);
    assertThat(bits(0x00018000)).isEqualTo(2);
    assertThat(bits(0x007fffff)).isEqualTo(0x0080);
  }

  @Test
  void keepsNanWhateverItsBits() {
    for (int nan : new int[] {0x7f800001, 0x7fc00000, 0x7fffffff, 0xff800001, 0xffffffff}) {
      float[] many = new float[LANES];
      Arrays.fill(many, Float.intBitsToFloat(nan));
      short[] rounded = new short[LANES];
      Bf16.round(many, 0, rounded, 0, LANES);
      assertThat(Bf16.widen(rounded[0])).isNaN();
      assertThat(Bf16.widen(Bf16.round(Float.intBitsToFloat(nan)))).isNaN();
    }
  }

  @Test
  void everyBfloat16SurvivesWideningAndRounding() {
    short[] all = new short[1 << 16];
    for (int i = 0; i < all.length; i++) {
      all[i] = (short) i;
    }
    float[] wide = new float[all.length];
    short[] back = new short[all.length];
    for (int i = 0; i < all.length; i++) {
      wide[i] = Bf16.widen(all[i]);
    }
    Bf16.round(wide, 0, back, 0, all.length);
    for (int i = 0; i < all.length; i++) {
      assertThat(Float.floatToRawIntBits(wide[i])).isEqualTo(i << 16);
      if (!Float.isNaN(wide[i])) {
        assertThat(back[i]).isEqualTo((short) i);
      }
    }
  }

  @Test
  void agreesWithTheReferenceAroundEveryNeighbourAndAtRandom() {
    SplittableRandom random = new SplittableRandom(42);
    int[] ends = {0, 1, 0x7fff, 0x8000, 0x8001, 0xffff};
    float[] x = new float[(ends.length + 1) << 16];
    for (int i = 0; i < 1 << 16; i++) {
      for (int e = 0; e < ends.length; e++) {
        x[i * (ends.length + 1) + e] = Float.intBitsToFloat(i << 16 | ends[e]);
      }
      x[i * (ends.length + 1) + ends.length] = Float.intBitsToFloat(random.nextInt());
    }
    short[] rounded = new short[x.length];
    Bf16.round(x, 0, rounded, 0, x.length);
    for (int i = 0; i < x.length; i++) {
      float want = ReferenceBf16.round(x[i]);
      same(want, Bf16.widen(rounded[i]), x[i]);
      same(want, Bf16.widen(Bf16.round(x[i])), x[i]);
    }
  }

  @Test
  void tailsAndOffsetsTouchNothingElse() {
    for (int count : new int[] {0, 1, LANES - 1, LANES, LANES + 1, 2 * LANES + 3}) {
      float[] x = new float[count + 5];
      Arrays.fill(x, 1.5f);
      short[] to = new short[count + 7];
      Bf16.round(x, 5, to, 3, count);
      for (int i = 0; i < to.length; i++) {
        assertThat(to[i] != 0).isEqualTo(i >= 3 && i < 3 + count);
      }
    }
  }

  @Test
  void pairsAreTheSameNumbersInTheirOrder() {
    SplittableRandom random = new SplittableRandom(7);
    float[] x = new float[5 + 6 * LANES];
    for (int i = 0; i < x.length; i++) {
      x[i] = Float.intBitsToFloat(random.nextInt());
    }
    x[9] = Float.NaN;
    short[] pairs = new short[7 + 6 * LANES];
    Bf16.roundPairs(x, 5, pairs, 7, 6 * LANES);
    float[] back = new float[3 + 6 * LANES];
    Bf16.widenPairs(pairs, 7, back, 3, 6 * LANES);
    for (int i = 0; i < 6 * LANES; i++) {
      int step = i - i % (2 * LANES);
      short kept = pairs[7 + step + Bf16.pairPlace(i % (2 * LANES))];
      same(ReferenceBf16.round(x[5 + i]), Bf16.widen(kept), x[5 + i]);
      same(Bf16.widen(kept), back[3 + i], x[5 + i]);
    }
    assertThat(back).startsWith(0, 0, 0);
    assertThat(pairs).startsWith(0, 0, 0, 0, 0, 0, 0);
  }

  private static void same(float want, float got, float x) {
    boolean same =
        Float.isNaN(want)
            ? Float.isNaN(got)
            : Float.floatToRawIntBits(want) == Float.floatToRawIntBits(got);
    if (!same) {
      assertThat(got).as("bf16 of %s", Float.toHexString(x)).isEqualTo(want);
    }
  }

  private static int bits(int floatBits) {
    return Bf16.round(Float.intBitsToFloat(floatBits)) & 0xffff;
  }
}
