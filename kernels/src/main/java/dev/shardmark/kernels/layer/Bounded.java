package dev.shardmark.kernels.layer;

import dev.shardmark.kernels.Expected;
import dev.shardmark.kernels.Matrix;
import dev.shardmark.kernels.Rounding;
import java.util.List;

/**
 * A matrix in double, and how far a float computation of it may be off: a running error analysis.
 * Every operation passes on the bounds of its operands, and adds the bound of its own contract.
 *
 * <p>Sums are bounded in any order, so that it does not matter in how many parts kernels or ranks
 * make them.
 *
 * <p>For checks of whole layers; kernels have Reference classes of their own.
 *
 * @param value row-major, without padding
 * @param bound the largest allowed {@code |result - value|}, elementwise
 */
public record Bounded(int rows, int cols, double[] value, double[] bound) {
  private static final double SILU_SLOPE = 1.1; // the largest is 1.0998

  /** Zeros, exactly. */
  public static Bounded zeros(int rows, int cols) {
    return new Bounded(rows, cols, new double[rows * cols], new double[rows * cols]);
  }

  /** A matrix as it is, exactly. */
  public static Bounded of(Matrix m) {
    Bounded x = zeros(m.rows(), m.cols());
    for (int at = 0; at < x.value.length; at++) {
      x.value[at] = m.at(at / m.cols(), at % m.cols());
    }
    return x;
  }

  /** The largest error over its bound, as {@link Expected#worst}. */
  public double worst(Matrix actual) {
    return new Expected(value, bound).worst(actual);
  }

  /** Rows by these indices. */
  public Bounded rows(int... which) {
    Bounded y = zeros(which.length, cols);
    for (int i = 0; i < which.length; i++) {
      System.arraycopy(value, which[i] * cols, y.value, i * cols, cols);
      System.arraycopy(bound, which[i] * cols, y.bound, i * cols, cols);
    }
    return y;
  }

  /** Of a row, so many elements from some column on. */
  public Bounded part(int row, int from, int count) {
    Bounded y = zeros(1, count);
    System.arraycopy(value, row * cols + from, y.value, 0, count);
    System.arraycopy(bound, row * cols + from, y.bound, 0, count);
    return y;
  }

  /** Writes a part of a row. */
  public void put(int row, int from, Bounded part) {
    System.arraycopy(part.value, 0, value, row * cols + from, part.cols);
    System.arraycopy(part.bound, 0, bound, row * cols + from, part.cols);
  }

  private void set(int at, double v, double passed, double own) {
    value[at] = v;
    bound[at] = passed + own;
  }

  /** The product by weights, whose terms are added in any order. */
  public Bounded times(Matrix b) {
    return sumOfProducts(List.of(this), List.of(b));
  }

  /** {@code a_0 b_0 + a_1 b_1 + ...}, at least one product, whose terms are added in any order. */
  public static Bounded sumOfProducts(List<Bounded> a, List<Matrix> b) {
    Bounded y = zeros(a.get(0).rows, b.get(0).cols());
    int terms = a.stream().mapToInt(Bounded::cols).sum();
    for (int i = 0; i < y.rows; i++) {
      for (int j = 0; j < y.cols; j++) {
        double sum = 0;
        double passed = 0;
        double magnitude = 0;
        for (int product = 0; product < a.size(); product++) {
          Bounded x = a.get(product);
          for (int p = 0; p < x.cols; p++) {
            double w = b.get(product).at(p, j);
            sum += x.value[i * x.cols + p] * w;
            passed += x.bound[i * x.cols + p] * Math.abs(w);
            magnitude += x.size(i * x.cols + p) * Math.abs(w);
          }
        }
        y.set(i * y.cols + j, sum, passed, Rounding.gamma(terms + 2L) * magnitude);
      }
    }
    return y;
  }

  /**
   * {@link dev.shardmark.kernels.norm.RmsNorm}. The root is the length of (x / sqrt n, sqrt eps),
   * which moves no further than x does.
   */
  public Bounded normed(Matrix weight, float eps) {
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

  /** The rounded sum. */
  public Bounded plus(Bounded x) {
    Bounded y = zeros(rows, cols);
    for (int at = 0; at < value.length; at++) {
      double passed = bound[at] + x.bound[at];
      double sum = value[at] + x.value[at];
      y.set(at, sum, passed, Rounding.UNIT * (Math.abs(sum) + passed));
    }
    return y;
  }

  /** Times a positive factor that is itself off by some relative error. */
  public Bounded scaled(double factor, double relativeError) {
    Bounded y = zeros(rows, cols);
    for (int at = 0; at < value.length; at++) {
      double own = (relativeError + Rounding.gamma(2)) * factor * size(at);
      y.set(at, factor * value[at], factor * bound[at], own);
    }
    return y;
  }

  /** {@link dev.shardmark.kernels.activation.SwiGlu} of gates and ups side by side. */
  public Bounded swiGlu() {
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
  public Bounded turned(int position, double base) {
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

  /** One query over all rows of keys and values, in one go. */
  public static Bounded attended(Bounded q, Bounded k, Bounded v, double scale) {
    return attended(q, k, v, scale, 1);
  }

  /**
   * One query over all rows of keys and values, attended to in at most so many parts that {@link
   * dev.shardmark.kernels.attention.Attention#merge} puts together.
   *
   * <p>What comes with q and k moves the score of key j by no more than x_j, which makes its weight
   * p_j (1 + e_j) before weights are divided by their sum, |e_j| at most exp(x_j) - 1: as p_j (v_j
   * - o) add up to 0, o moves by no more than {@code sum p_j |e_j| |v_j - o| / (1 - sum p_j
   * |e_j|)}.
   *
   * <p>What a kernel adds to a score counts twice, in an exponential and in the sum of all, and is
   * followed by the roundings of its contract. A merge changes weights by the errors of two
   * log-sum-exps, each no more than a kernel's own and the roundings so far, and rounds three
   * times.
   */
  public static Bounded attended(Bounded q, Bounded k, Bounded v, double scale, int parts) {
    int keys = k.rows;
    double[] score = new double[keys];
    double[] off = new double[keys];
    double most = Double.NEGATIVE_INFINITY;
    double least = Double.POSITIVE_INFINITY;
    double passed = 0;
    double dots = 0;
    for (int j = 0; j < keys; j++) {
      double magnitude = 0;
      for (int d = 0; d < q.cols; d++) {
        int at = j * q.cols + d;
        score[j] += scale * q.value[d] * k.value[at];
        magnitude += scale * q.size(d) * k.size(at);
        off[j] += scale * (q.bound[d] * k.size(at) + Math.abs(q.value[d]) * k.bound[at]);
      }
      passed = Math.max(passed, off[j]);
      dots = Math.max(dots, Rounding.gamma(q.cols + 1) * magnitude);
      most = Math.max(most, score[j]);
      least = Math.min(least, score[j]);
    }
    double sum = 0;
    for (int j = 0; j < keys; j++) {
      sum += Math.exp(score[j] - most);
    }
    double[] p = new double[keys];
    double moved = 0;
    for (int j = 0; j < keys; j++) {
      p[j] = Math.exp(score[j] - most) / sum;
      moved += p[j] * Math.expm1(off[j]);
    }
    double worst = passed + dots;
    double own = dots + Rounding.gamma(2L * keys + 16);
    own += Rounding.UNIT * (most - least + 2 * worst);
    double largest = Math.max(Math.abs(most), Math.abs(least)) + Math.log(keys) + worst;
    double ofLse = own + 2 * parts * Rounding.UNIT * largest;
    double merging = (parts - 1) * (2 * ofLse + Rounding.gamma(4));
    double grown = Math.exp(2 * passed); // what a weight may be for what it is
    double relative = grown * Math.expm1(2 * own + merging);
    Bounded o = zeros(1, v.cols);
    for (int d = 0; d < v.cols; d++) {
      for (int j = 0; j < keys; j++) {
        o.value[d] += p[j] * v.value[j * v.cols + d];
      }
      for (int j = 0; j < keys; j++) {
        int at = j * v.cols + d;
        double away = Math.abs(v.value[at] - o.value[d]);
        o.bound[d] += p[j] * Math.expm1(off[j]) * away / (1 - moved);
        o.bound[d] += p[j] * (grown * v.bound[at] + relative * v.size(at));
      }
    }
    return o;
  }

  /** The largest absolute value an element may have. */
  public double size(int at) {
    return Math.abs(value[at]) + bound[at];
  }
}
