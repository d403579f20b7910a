package dev.shardmark.kernels.layer;

import dev.shardmark.kernels.Expected;
import dev.shardmark.kernels.Matrix;
import dev.shardmark.kernels.Rounding;

/**
 * A matrix in double, and how far a float computation of it may be off: a running error analysis.
 * Every operation passes on the bounds of its operands, and adds the bound of its own contract.
 */
record Bounded(int rows, int cols, double[] value, double[] bound) {
  private static final double SILU_SLOPE = 1.1; // the largest is 1.0998

  static Bounded zeros(int rows, int cols) {
    return new Bounded(rows, cols, new double[rows * cols], new double[rows * cols]);
  }

  static Bounded of(Matrix m) {
    Bounded x = zeros(m.rows(), m.cols());
    for (int at = 0; at < x.value.length; at++) {
      x.value[at] = m.at(at / m.cols(), at % m.cols());
    }
    return x;
  }

  double worst(Matrix actual) {
    return new Expected(value, bound).worst(actual);
  }

  /** Rows by these indices. */
  Bounded rows(int... which) {
    Bounded y = zeros(which.length, cols);
    for (int i = 0; i < which.length; i++) {
      System.arraycopy(value, which[i] * cols, y.value, i * cols, cols);
      System.arraycopy(bound, which[i] * cols, y.bound, i * cols, cols);
    }
    return y;
  }

  /** A row, from some column on. */
  Bounded part(int row, int from, int count) {
    Bounded y = zeros(1, count);
    System.arraycopy(value, row * cols + from, y.value, 0, count);
    System.arraycopy(bound, row * cols + from, y.bound, 0, count);
    return y;
  }

  void put(int row, int from, Bounded part) {
    System.arraycopy(part.value, 0, value, row * cols + from, part.cols);
    System.arraycopy(part.bound, 0, bound, row * cols + from, part.cols);
  }

  private void set(int at, double v, double passed, double own) {
    value[at] = v;
    bound[at] = passed + own;
  }

  Bounded times(Matrix b) {
    Bounded y = zeros(rows, b.cols());
    for (int i = 0; i < rows; i++) {
      for (int j = 0; j < b.cols(); j++) {
        double sum = 0;
        double passed = 0;
        double magnitude = 0;
        for (int p = 0; p < cols; p++) {
          double w = b.at(p, j);
          sum += value[i * cols + p] * w;
          passed += bound[i * cols + p] * Math.abs(w);
          magnitude += size(i * cols + p) * Math.abs(w);
        }
        y.set(i * b.cols() + j, sum, passed, Rounding.gamma(cols + 2) * magnitude);
      }
    }
    return y;
  }

  /** The root is the length of (x / sqrt n, sqrt eps), which moves no further than x does. */
  Bounded normed(Matrix weight, float eps) {
    Bounded y = zeros(rows, cols);
    for (int i = 0; i < rows; i++) {
      double squares = 0;
      double moved = 0;
      for (int at = i * cols; at < (i + 1) * cols; at++) {
        squares += value[at] * value[at];
        moved += bound[at] * bound[at];
      }
      double root = Math.sqrt(squares / cols + eps);
      double off = Math.sqrt(moved / cols);
      for (int at = i * cols; at < (i + 1) * cols; at++) {
        double w = Math.abs(weight.at(0, at % cols));
        double v = value[at] / root;
        double passed = w * (bound[at] + Math.abs(v) * off) / (root - off);
        double own = Rounding.gamma(cols / 2 + 8) * (w * Math.abs(v) + passed);
        y.set(at, v * weight.at(0, at % cols), passed, own);
      }
    }
    return y;
  }

  Bounded plus(Bounded x) {
    Bounded y = zeros(rows, cols);
    for (int at = 0; at < value.length; at++) {
      double passed = bound[at] + x.bound[at];
      double sum = value[at] + x.value[at];
      y.set(at, sum, passed, Rounding.UNIT * (Math.abs(sum) + passed));
    }
    return y;
  }

  Bounded scaled(double factor, double relativeError) {
    Bounded y = zeros(rows, cols);
    for (int at = 0; at < value.length; at++) {
      double own = (relativeError + Rounding.gamma(2)) * factor * size(at);
      y.set(at, factor * value[at], factor * bound[at], own);
    }
    return y;
  }

  /** Of gates and ups side by side. */
  Bounded swiGlu() {
    Bounded y = zeros(rows, cols / 2);
    for (int at = 0; at < y.value.length; at++) {
      int g = at / y.cols * cols + at % y.cols;
      int u = g + y.cols;
      double silu = value[g] / (1 + Math.exp(-value[g]));
      double passed = SILU_SLOPE * bound[g] * size(u) + Math.abs(silu) * bound[u];
      double result = silu * value[u];
      y.set(at, result, passed, Rounding.gamma(6) * (Math.abs(result) + passed) + 0x1p-121);
    }
    return y;
  }

  /** A row of one head, its halves turned by the angles of the position. */
  Bounded turned(int position, double base) {
    Bounded y = zeros(1, cols);
    int pairs = cols / 2;
    for (int i = 0; i < pairs; i++) {
      double angle = position * Math.pow(base, -2.0 * i / cols);
      double c = (float) Math.cos(angle);
      double s = (float) Math.sin(angle);
      y.turn(this, i, i, c, i + pairs, -s);
      y.turn(this, i + pairs, i, s, i + pairs, c);
    }
    return y;
  }

  private void turn(Bounded x, int to, int a, double c, int b, double s) {
    double passed = Math.abs(c) * x.bound[a] + Math.abs(s) * x.bound[b];
    double magnitude = Math.abs(c) * x.size(a) + Math.abs(s) * x.size(b);
    set(to, c * x.value[a] + s * x.value[b], passed, Rounding.gamma(2) * magnitude);
  }

  /**
   * One query over all rows of keys and values. A weight is off by at most twice the largest error
   * of a score: once in its own exp, once in the sum of all.
   */
  static Bounded attended(Bounded q, Bounded k, Bounded v, double scale) {
    int keys = k.rows;
    double[] score = new double[keys];
    double[] off = new double[keys];
    double most = Double.NEGATIVE_INFINITY;
    double least = Double.POSITIVE_INFINITY;
    for (int j = 0; j < keys; j++) {
      double magnitude = 0;
      for (int d = 0; d < q.cols; d++) {
        int at = j * q.cols + d;
        score[j] += scale * q.value[d] * k.value[at];
        magnitude += scale * q.size(d) * k.size(at);
        off[j] += scale * (q.bound[d] * k.size(at) + Math.abs(q.value[d]) * k.bound[at]);
      }
      off[j] += Rounding.gamma(q.cols + 1) * magnitude;
      most = Math.max(most, score[j]);
      least = Math.min(least, score[j]);
    }
    double worst = 0;
    double sum = 0;
    for (int j = 0; j < keys; j++) {
      worst = Math.max(worst, off[j]);
      sum += Math.exp(score[j] - most);
    }
    double own = Rounding.gamma(2 * keys + 16) + Rounding.UNIT * (most - least + 2 * worst);
    double relative = Math.expm1(2 * (worst + own));
    Bounded o = zeros(1, v.cols);
    for (int j = 0; j < keys; j++) {
      double p = Math.exp(score[j] - most) / sum;
      for (int d = 0; d < v.cols; d++) {
        int at = j * v.cols + d;
        o.value[d] += p * v.value[at];
        o.bound[d] += p * v.bound[at] + p * relative * v.size(at);
      }
    }
    return o;
  }

  /** The largest absolute value it may have. */
  private double size(int at) {
    return Math.abs(value[at]) + bound[at];
  }
}
