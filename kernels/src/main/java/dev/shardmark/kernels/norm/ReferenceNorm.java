package dev.shardmark.kernels.norm;

import dev.shardmark.kernels.Expected;
import dev.shardmark.kernels.Matrix;
import dev.shardmark.kernels.Rounding;

/** The oracle of {@link RmsNorm} and {@link LayerNorm}: their formulas in double, with bounds. */
public final class ReferenceNorm {
  private ReferenceNorm() {}

  /** What {@link RmsNorm#normalize} should leave in y. */
  public static Expected rms(Matrix x, Matrix weight, float eps) {
    int n = x.cols();
    Expected y = Expected.zeros(x.rows(), n);
    double relative = Rounding.gamma((n + 1) / 2 + 7);
    for (int i = 0; i < x.rows(); i++) {
      double squares = 0;
      for (int j = 0; j < n; j++) {
        squares += (double) x.at(i, j) * x.at(i, j);
      }
      double root = Math.sqrt(squares / n + eps);
      for (int j = 0; j < n; j++) {
        double value = x.at(i, j) / root * weight.at(0, j);
        y.set(i * n + j, value, relative * Math.abs(value));
      }
    }
    return y;
  }

  /** What {@link RmsNorm#addAndNormalize} should leave in the residual, rounded as there. */
  public static Matrix sum(Matrix x, Matrix residual) {
    Matrix sum = Matrix.zeros(x.rows(), x.cols());
    for (int i = 0; i < x.rows(); i++) {
      for (int j = 0; j < x.cols(); j++) {
        sum.data()[sum.offset() + i * x.cols() + j] = residual.at(i, j) + x.at(i, j);
      }
    }
    return sum;
  }

  /** What {@link LayerNorm#normalize} should leave in y. */
  public static Expected layer(Matrix x, Matrix weight, Matrix bias, float eps) {
    int n = x.cols();
    Expected y = Expected.zeros(x.rows(), n);
    for (int i = 0; i < x.rows(); i++) {
      double sum = 0;
      double magnitude = 0;
      for (int j = 0; j < n; j++) {
        sum += x.at(i, j);
        magnitude += Math.abs(x.at(i, j));
      }
      double mean = sum / n;
      double squares = 0;
      for (int j = 0; j < n; j++) {
        squares += (x.at(i, j) - mean) * (x.at(i, j) - mean);
      }
      double root = Math.sqrt(squares / n + eps);
      double errorOfMean = Rounding.gamma(n) * magnitude / n / root;
      double relative = Rounding.gamma((n + 1) / 2 + 9) + errorOfMean * errorOfMean / 2;
      for (int j = 0; j < n; j++) {
        double scaled = (x.at(i, j) - mean) / root;
        double bound = errorOfMean + relative * (Math.abs(scaled) + errorOfMean);
        double w = weight.at(0, j);
        double b = bias.at(0, j);
        y.set(i * n + j, scaled * w + b, Math.abs(w) * bound + Rounding.gamma(2) * Math.abs(b));
      }
    }
    return y;
  }
}
