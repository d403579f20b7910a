package dev.shardmark.kernels.rope;

import static org.assertj.core.api.Assertions.assertThat;

import dev.shardmark.kernels.Matrix;
import dev.shardmark.kernels.TestMatrices;
import java.util.Arrays;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The check is itself checked: each of these wrong rotations must be caught, in both layouts. */
final class RopeCheckTest {
  private static Map<String, Rope> wrong(RopeLayout layout) {
    Rope right = new ScalarRope(layout);
    Map<String, Rope> wrong = new TreeMap<>();
    wrong.put("does nothing", (x, d, p, t) -> {});
    wrong.put(
        "turns the other way",
        (x, d, p, t) -> {
          Matrix sin = TestMatrices.copy(t.sin());
          for (int at = 0; at < sin.data().length; at++) {
            sin.data()[at] *= -1;
          }
          right.rotate(x, d, p, new RopeTable(t.cos(), sin));
        });
    wrong.put("swaps cosine and sine", (x, d, p, t) -> right.rotate(x, d, p, swapped(t)));
    wrong.put("takes the other layout", (x, d, p, t) -> other(layout).rotate(x, d, p, t));
    wrong.put(
        "counts positions from 1",
        (x, d, p, t) -> {
          int[] next = p.clone();
          for (int i = 0; i < p.length; i++) {
            next[i] = (p[i] + 1) % t.positions();
          }
          right.rotate(x, d, next, t);
        });
    wrong.put(
        "ignores all positions but the first",
        (x, d, p, t) -> {
          int[] first = new int[p.length];
          Arrays.fill(first, p[0]);
          right.rotate(x, d, first, t);
        });
    wrong.put(
        "rotates twice",
        (x, d, p, t) -> {
          right.rotate(x, d, p, t);
          right.rotate(x, d, p, t);
        });
    wrong.put("leaves the last head", (x, d, p, t) -> right.rotate(narrow(x, d), d, p, t));
    wrong.put(
        "leaves the last pair",
        (x, d, p, t) -> {
          RopeTable zero = new RopeTable(TestMatrices.copy(t.cos()), TestMatrices.copy(t.sin()));
          int last = t.pairs() - 1;
          for (int q = 0; q < t.positions(); q++) {
            zero.cos().data()[t.cos().offset() + q * t.cos().rowStride() + last] = 1;
            zero.sin().data()[t.sin().offset() + q * t.sin().rowStride() + last] = 0;
          }
          right.rotate(x, d, p, zero);
        });
    wrong.put(
        "uses the new first for the second",
        (x, d, p, t) -> {
          Matrix before = TestMatrices.copy(x);
          right.rotate(x, d, p, t);
          int a = x.offset();
          int b = a + layout.second(0, t.pairs());
          float sin = t.sin().at(p[0], 0);
          x.data()[b] = x.data()[a] * sin + before.data()[b] * t.cos().at(p[0], 0);
        });
    wrong.put(
        "one NaN",
        (x, d, p, t) -> {
          right.rotate(x, d, p, t);
          x.data()[x.offset() + 1] = Float.NaN;
        });
    wrong.put(
        "writes past the end",
        (x, d, p, t) -> {
          right.rotate(x, d, p, t);
          x.data()[x.offset() + x.cols()] = 0;
        });
    return wrong;
  }

  private static Rope other(RopeLayout layout) {
    return new ScalarRope(
        layout == RopeLayout.INTERLEAVED ? RopeLayout.HALF_SPLIT : RopeLayout.INTERLEAVED);
  }

  private static RopeTable swapped(RopeTable table) {
    return new RopeTable(table.sin(), table.cos());
  }

  private static Matrix narrow(Matrix x, int headDim) {
    return new Matrix(x.data(), x.offset(), x.rows(), x.cols() - headDim, x.rowStride());
  }

  @ParameterizedTest
  @MethodSource("names")
  @Tag("kill-list")
  void isRejected(String name) {
    for (RopeLayout layout : RopeLayout.values()) {
      assertThat(RopeHarness.fault(wrong(layout).get(name), layout, 3, 2, 8, 8, 1)).isNotNull();
    }
  }

  static Stream<String> names() {
    return wrong(RopeLayout.INTERLEAVED).keySet().stream();
  }
}
