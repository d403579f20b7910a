package dev.shardmark.kernels.math;

import static dev.shardmark.kernels.Species.LANES;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.DoubleUnaryOperator;
import java.util.stream.Stream;
import jdk.incubator.vector.FloatVector;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** {@link VectorExp} over the bit patterns of floats, in ulp of the exact result. */
final class VectorExpTest {
  /** Ulp; the sweep over every float found 1.0128, at 59.306038. */
  private static final double WORST = 1.013;

  private static final int LENGTH = 4096;

  /** A prime: about 8400 floats of each of the 256 exponents and both signs. */
  private static final int STEP = 997;

  @Test
  void isWithinItsBoundOnFloatsOfEveryExponent() {
    // The lanes of 512 bits are emulated on many CPUs, so that the whole sweep would take long.
    assertThat(worst(0, 1L << 32, LANES == FloatVector.SPECIES_PREFERRED.length() ? STEP : 65521))
        .isLessThan(WORST);
  }

  @Test
  @EnabledIfSystemProperty(named = "math.exhaustive", matches = "true")
  void isWithinItsBoundOnEveryFloat() {
    assertThat(worst(0, 1L << 32, 1)).isLessThan(WORST);
  }

  @Test
  void isWithinItsBoundOnEveryFloatNearTheEndsOfItsRange() {
    for (float end : new float[] {-87.33655f, 88.72283f, -0.34657f, 0.34657f, 1.03972f, -1.0397f}) {
      int bits = Float.floatToRawIntBits(end);
      assertThat(worst(bits - 2000 & 0xffffffffL, (bits & 0xffffffffL) + 2000, 1))
          .isLessThan(WORST);
    }
  }

  @ParameterizedTest
  @ValueSource(floats = {0, -0f, Float.MIN_VALUE, -Float.MIN_VALUE})
  void ofAlmostNothingIsExactlyOne(float x) {
    assertThat(lane(x)).isEqualTo(1);
  }

  @Test
  void hasLimits() {
    assertThat(lane(Float.NEGATIVE_INFINITY)).isZero();
    assertThat(lane(-Float.MAX_VALUE)).isZero();
    assertThat(lane(-87.33655f)).isZero();
    assertThat(lane(-87.33654f)).isGreaterThanOrEqualTo(Float.MIN_NORMAL);
    assertThat(lane(VectorExp.HIGHEST_OF_ROW)).isFinite();
    assertThat(VectorExp.exp(88.72283f)).isFinite();
    assertThat(VectorExp.exp(88.72284f)).isEqualTo(Float.POSITIVE_INFINITY);
    assertThat(VectorExp.exp(Float.MAX_VALUE)).isEqualTo(Float.POSITIVE_INFINITY);
    assertThat(VectorExp.exp(Float.POSITIVE_INFINITY)).isEqualTo(Float.POSITIVE_INFINITY);
  }

  @ParameterizedTest
  @ValueSource(ints = {0x7fc00000, 0x7f800001, 0xffffffff, 0x7fc000ff, 0xffc00001})
  void ofNotANumberIsNone(int bits) {
    assertThat(lane(Float.intBitsToFloat(bits))).isNaN();
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 3, 4, 17, 33, 100})
  void aRowScalesShiftsAndAddsUpWhatItWrites(int n) {
    float[] x = new float[n + 5];
    float[] y = new float[n + 7];
    Arrays.fill(x, Float.NaN);
    Arrays.fill(y, Float.NaN);
    for (int j = 0; j < n; j++) {
      x[3 + j] = j * 0.37f - 9;
    }
    double want = 0;
    float sum = VectorExp.row(0.5f, x, 3, 2, y, 4, n, new float[LANES]);
    for (int j = 0; j < n; j++) {
      assertThat(y[4 + j]).isEqualTo(VectorExp.exp(x[3 + j] * 0.5f - 2));
      want += y[4 + j];
    }
    assertThat((double) sum).isBetween(want * (1 - n * 0x1p-24), want * (1 + n * 0x1p-24));
    assertThat(y[3]).isNaN();
    assertThat(y[4 + n]).isNaN();
  }

  @ParameterizedTest
  @MethodSource("wrongNames")
  void theMeasureOfErrorRejects(String name) {
    double worst = 0;
    for (long bits = 0; bits < 1L << 32; bits += 65521) {
      float x = Float.intBitsToFloat((int) bits);
      worst = Math.max(worst, ulps((float) wrong().get(name).applyAsDouble(x), x));
    }
    assertThat(worst).isGreaterThan(WORST);
  }

  static Stream<String> wrongNames() {
    return wrong().keySet().stream();
  }

  private static Map<String, DoubleUnaryOperator> wrong() {
    Map<String, DoubleUnaryOperator> wrong = new TreeMap<>();
    wrong.put("NaN at 0", x -> x == 0 ? Double.NaN : Math.exp(x));
    wrong.put("NaN becomes 1", x -> Double.isNaN(x) ? 1 : Math.exp(x));
    wrong.put("minus infinity becomes 1", x -> x < -1e38 ? 1 : Math.exp(x));
    wrong.put("largest float for infinity", x -> Math.min(Float.MAX_VALUE, Math.exp(x)));
    wrong.put("infinity too early", x -> x > 88 ? Double.POSITIVE_INFINITY : Math.exp(x));
    wrong.put("0 too early", x -> x < -87 ? 0 : Math.exp(x));
    wrong.put("off by 2 ulp", x -> Math.exp(x) * (1 + 0x1p-22));
    wrong.put("ln 2 in one part", VectorExpTest::crude);
    return wrong;
  }

  private static double crude(double x) {
    double n = Math.rint(x / Math.log(2));
    return Math.abs(x) < 80 ? Math.exp(x - n * (float) Math.log(2)) * Math.pow(2, n) : Math.exp(x);
  }

  /** The largest error in ulp over a range of bit patterns; infinity if lane and scalar differ. */
  private static double worst(long from, long to, int step) {
    float[] x = new float[LENGTH];
    float[] y = new float[LENGTH];
    double worst = 0;
    for (long bits = from; bits < to; bits += (long) LENGTH * step) {
      for (int i = 0; i < LENGTH; i++) {
        x[i] = Float.intBitsToFloat((int) Math.min(bits + (long) i * step, to - 1));
      }
      VectorExp.row(1, x, 0, 0, y, 0, LENGTH, new float[LANES]);
      for (int i = 0; i < LENGTH; i++) {
        worst = Math.max(worst, ulps(VectorExp.exp(x[i]), x[i]));
        boolean tooLarge = x[i] > VectorExp.HIGHEST_OF_ROW;
        if (!tooLarge && Float.compare(y[i], VectorExp.exp(x[i])) != 0) {
          return Double.POSITIVE_INFINITY;
        }
      }
    }
    return worst;
  }

  private static float lane(float x) {
    float[] y = new float[LANES];
    Arrays.fill(y, x);
    VectorExp.row(1, y, 0, 0, y, 0, LANES, new float[LANES]);
    assertThat(Float.compare(VectorExp.exp(x), y[LANES - 1])).isZero();
    return y[LANES - 1];
  }

  private static double ulps(float got, float x) {
    double want = Math.exp(x);
    if (want < Float.MIN_NORMAL) {
      return got == 0 ? 0 : Double.POSITIVE_INFINITY;
    }
    if (Double.isNaN(want) || (float) want == Float.POSITIVE_INFINITY) {
      return Float.compare(got, (float) want) == 0 ? 0 : Double.POSITIVE_INFINITY;
    }
    double error = Math.abs(got - want) / Math.scalb(1.0, Math.getExponent(want) - 23);
    return error >= 0 ? error : Double.POSITIVE_INFINITY;
  }
}
