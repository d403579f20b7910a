package dev.shardmark.kernels.activation;

import dev.shardmark.kernels.Expected;
import dev.shardmark.kernels.Matrix;
import dev.shardmark.kernels.Rounding;

/** The oracle of every activation: its formula in double, with its bound. */
public final class ReferenceActivation {
  /** What is lost of a result where an exponential overflows or is flushed to 0. */
  private static final double FLUSHED = 0x1p-121;

  private ReferenceActivation() {}

  /** What {@link SwiGlu#apply} should leave in y. */
  public static Expected swiGlu(Matrix gate, Matrix up) {
    Shapes.same(gate, up);
    Expected y = Expected.zeros(gate.rows(), gate.cols());
    for (int i = 0; i < gate.rows(); i++) {
      for (int j = 0; j < gate.cols(); j++) {
        double x = gate.at(i, j);
        double value = x / (1 + Math.exp(-x)) * up.at(i, j);
        double bound = Rounding.gamma(6) * Math.abs(value) + FLUSHED * Math.abs(up.at(i, j));
        y.set(i * gate.cols() + j, value, bound);
      }
    }
    return y;
  }

  /** What {@link Gelu#apply} should leave in y. */
  public static Expected gelu(GeluForm form, Matrix x) {
    Expected y = Expected.zeros(x.rows(), x.cols());
    for (int i = 0; i < x.rows(); i++) {
      for (int j = 0; j < x.cols(); j++) {
        double v = x.at(i, j);
        double value = v * (form == GeluForm.EXACT ? ReferenceNormal.phi(v) : tanhPart(v));
        double relative = form == GeluForm.EXACT ? exactError(v) : tanhError(v);
        // beyond any tail, where relative may be infinite, the result is x or 0
        double bound = value == 0 || value == v ? 0 : relative * Math.abs(value);
        y.set(i * x.cols() + j, value, Rounding.gamma(6) * Math.abs(value) + bound + FLUSHED);
      }
    }
    return y;
  }

  /** What {@link ResidualAdd#add} should leave in the residual: the rounded sums. */
  public static Expected sum(Matrix x, Matrix residual) {
    Shapes.same(x, residual);
    Expected sum = Expected.zeros(x.rows(), x.cols());
    for (int i = 0; i < x.rows(); i++) {
      for (int j = 0; j < x.cols(); j++) {
        sum.set(i * x.cols() + j, residual.at(i, j) + x.at(i, j), 0);
      }
    }
    return sum;
  }

  private static double inner(double x) {
    return Math.sqrt(2 / Math.PI) * (x + 0.044715 * x * x * x);
  }

  /** (1 + tanh(z)) / 2, as 1 / (1 + e^(-2 z)), which does not cancel for negative z. */
  private static double tanhPart(double x) {
    return 1 / (1 + Math.exp(-2 * inner(x)));
  }

  private static double exactError(double x) {
    return Rounding.gamma(10) + x * x * Rounding.UNIT;
  }

  private static double tanhError(double x) {
    double w = -2 * inner(x);
    return 5 * Rounding.UNIT * Math.abs(w) / (1 + Math.exp(-w));
  }
}
