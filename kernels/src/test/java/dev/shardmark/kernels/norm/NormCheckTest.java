package dev.shardmark.kernels.norm;

import static org.assertj.core.api.Assertions.assertThat;

import dev.shardmark.kernels.Matrix;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The check is itself checked: each of these wrong normalisations must be caught. */
final class NormCheckTest {
  private interface Element {
    /** The result for element j of row x. */
    double of(double[] x, int j, double w, double b);
  }

  private static Map<String, Element> wrongRms() {
    Map<String, Element> wrong = new TreeMap<>();
    wrong.put("forgets eps", (x, j, w, b) -> x[j] / Math.sqrt(meanSquare(x, 0)) * w);
    wrong.put("forgets the weight", (x, j, w, b) -> x[j] * inverse(x));
    wrong.put("adds eps after the root", (x, j, w, b) -> x[j] * w / (rms(x) + NormHarness.EPS));
    wrong.put(
        "divides by n - 1",
        (x, j, w, b) ->
            x[j] * w / Math.sqrt(meanSquare(x, 0) * x.length / (x.length - 1.0) + NormHarness.EPS));
    wrong.put("drops the last square", (x, j, w, b) -> x[j] * w / shortRms(x));
    wrong.put("forgets the root", (x, j, w, b) -> x[j] * w * inverse(x) * inverse(x));
    wrong.put("takes the next weight", (x, j, w, b) -> x[j] * inverse(x) * (j == 0 ? b : w));
    wrong.put("rounds to bf16", (x, j, w, b) -> bf16((float) (x[j] * inverse(x) * w)));
    wrong.put("one NaN", (x, j, w, b) -> j == 2 ? Double.NaN : x[j] * inverse(x) * w);
    wrong.put("zeros the last", (x, j, w, b) -> j == x.length - 1 ? 0 : x[j] * inverse(x) * w);
    return wrong;
  }

  private static Map<String, Element> wrongLayer() {
    Map<String, Element> wrong = new TreeMap<>();
    wrong.put("forgets the mean", (x, j, w, b) -> x[j] / deviation(x, x.length) * w + b);
    wrong.put(
        "divides by n - 1",
        (x, j, w, b) -> (x[j] - mean(x)) / deviation(x, x.length - 1.0) * w + b);
    wrong.put("forgets the bias", (x, j, w, b) -> (x[j] - mean(x)) / deviation(x, x.length) * w);
    wrong.put("forgets the weight", (x, j, w, b) -> (x[j] - mean(x)) / deviation(x, x.length) + b);
    wrong.put(
        "takes the variance from one pass in float",
        (x, j, w, b) -> (x[j] - mean(x)) / onePass(x) * w + b);
    wrong.put(
        "weighs the bias too", (x, j, w, b) -> ((x[j] - mean(x)) / deviation(x, x.length) + b) * w);
    wrong.put(
        "adds where it should subtract",
        (x, j, w, b) -> (x[j] + mean(x)) / deviation(x, x.length) * w + b);
    return wrong;
  }

  @ParameterizedTest
  @MethodSource("rmsNames")
  void aWrongRmsNormIsRejected(String name) {
    assertThat(NormHarness.rms(rms(wrongRms().get(name)), 3, 9, false, 1)).contains("over bound");
  }

  @ParameterizedTest
  @MethodSource("layerNames")
  void aWrongLayerNormIsRejected(String name) {
    assertThat(NormHarness.layer(layer(wrongLayer().get(name)), 3, 9, false, 1000, 1))
        .contains("over bound");
  }

  @ParameterizedTest
  @MethodSource("residuals")
  void aWrongResidualIsRejected(RmsNorm wrong) {
    assertThat(NormHarness.addRms(wrong, 3, 9, false, 1)).contains("residual");
  }

  /** One that leaves the residual, one that adds x twice, one that writes between its rows. */
  static Stream<RmsNorm> residuals() {
    return Stream.of(
        adding((x, r, w, e, y) -> new ScalarRmsNorm().addAndNormalize(x, copy(r), w, e, y)),
        adding(
            (x, r, w, e, y) -> {
              new ScalarRmsNorm().addAndNormalize(x, r, w, e, y);
              new ScalarRmsNorm().addAndNormalize(x, r, w, e, y);
            }),
        adding(
            (x, r, w, e, y) -> {
              new ScalarRmsNorm().addAndNormalize(x, r, w, e, y);
              r.data()[r.offset() + r.cols()] = 0;
            }));
  }

  static Stream<String> rmsNames() {
    return wrongRms().keySet().stream();
  }

  static Stream<String> layerNames() {
    return wrongLayer().keySet().stream();
  }

  private interface Adding {
    void run(Matrix x, Matrix residual, Matrix weight, float eps, Matrix y);
  }

  private static RmsNorm adding(Adding adding) {
    return new RmsNorm() {
      @Override
      public void normalize(Matrix x, Matrix weight, float eps, Matrix y) {
        new ScalarRmsNorm().normalize(x, weight, eps, y);
      }

      @Override
      public void addAndNormalize(Matrix x, Matrix residual, Matrix weight, float eps, Matrix y) {
        adding.run(x, residual, weight, eps, y);
      }
    };
  }

  private static RmsNorm rms(Element element) {
    return new RmsNorm() {
      @Override
      public void normalize(Matrix x, Matrix weight, float eps, Matrix y) {
        fill(element, x, weight, weight, y);
      }

      @Override
      public void addAndNormalize(Matrix x, Matrix residual, Matrix weight, float eps, Matrix y) {
        new ScalarRmsNorm().addAndNormalize(x, residual, weight, eps, y);
      }
    };
  }

  private static LayerNorm layer(Element element) {
    return (x, weight, bias, eps, y) -> fill(element, x, weight, bias, y);
  }

  private static void fill(Element element, Matrix x, Matrix weight, Matrix bias, Matrix y) {
    for (int i = 0; i < x.rows(); i++) {
      double[] row = new double[x.cols()];
      for (int j = 0; j < row.length; j++) {
        row[j] = x.at(i, j);
      }
      for (int j = 0; j < row.length; j++) {
        // the element after, in a contract without bias, for the kernel that takes the wrong one
        double b = bias == weight ? weight.at(0, (j + 1) % row.length) : bias.at(0, j);
        y.data()[y.offset() + i * y.rowStride() + j] =
            (float) element.of(row, j, weight.at(0, j), b);
      }
    }
  }

  private static Matrix copy(Matrix m) {
    return new Matrix(m.data().clone(), m.offset(), m.rows(), m.cols(), m.rowStride());
  }

  private static double meanSquare(double[] x, int without) {
    double sum = 0;
    for (int j = 0; j < x.length - without; j++) {
      sum += x[j] * x[j];
    }
    return sum / x.length;
  }

  private static double rms(double[] x) {
    return Math.sqrt(meanSquare(x, 0));
  }

  private static double shortRms(double[] x) {
    return Math.sqrt(meanSquare(x, 1) + NormHarness.EPS);
  }

  private static double inverse(double[] x) {
    return 1 / Math.sqrt(meanSquare(x, 0) + NormHarness.EPS);
  }

  private static double mean(double[] x) {
    double sum = 0;
    for (double v : x) {
      sum += v;
    }
    return sum / x.length;
  }

  private static double deviation(double[] x, double count) {
    double sum = 0;
    for (double v : x) {
      sum += (v - mean(x)) * (v - mean(x));
    }
    return Math.sqrt(sum / count + NormHarness.EPS);
  }

  private static double onePass(double[] x) {
    float sum = 0;
    float squares = 0;
    for (double v : x) {
      sum += (float) v;
      squares += (float) v * (float) v;
    }
    float mean = sum / x.length;
    return Math.sqrt(Math.max(0, squares / x.length - mean * mean) + NormHarness.EPS);
  }

  private static float bf16(float x) {
    return Float.intBitsToFloat(Float.floatToRawIntBits(x) & 0xffff0000);
  }
}
