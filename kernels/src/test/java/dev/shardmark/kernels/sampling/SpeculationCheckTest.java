package dev.shardmark.kernels.sampling;

import static org.assertj.core.api.Assertions.assertThat;

import dev.shardmark.kernels.Matrix;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The check is itself checked: each of these wrong kernels must be caught. */
final class SpeculationCheckTest {
  /** A speculation step by step, each of which a wrong one does otherwise. */
  private static class Textbook implements Speculation {
    boolean accepts(double number, double p, double q) {
      return number < Math.min(1, p / q);
    }

    double residual(double p, double q) {
      return Math.max(p - q, 0);
    }

    double whole(double total) {
      return total;
    }

    boolean bonus() {
      return true;
    }

    int correctedRow(int rejected) {
      return rejected;
    }

    @Override
    public final int verify(
        Matrix target, Matrix draft, int[] drafted, double[] accept, double next, int[] token) {
      int n = target.cols();
      double[] mass = new double[n];
      for (int i = 0; i < drafted.length; i++) {
        if (!accepts(accept[i], target.at(i, drafted[i]), draft.at(i, drafted[i]))) {
          for (int j = 0; j < n; j++) {
            mass[j] = residual(target.at(correctedRow(i), j), draft.at(i, j));
          }
          token[i] = draw(mass, next);
          return i + 1;
        }
        token[i] = drafted[i];
      }
      for (int j = 0; j < n; j++) {
        mass[j] = target.at(drafted.length, j);
      }
      token[drafted.length] = draw(mass, next);
      return bonus() ? drafted.length + 1 : drafted.length;
    }

    private int draw(double[] mass, double next) {
      double total = 0;
      for (double m : mass) {
        total += m;
      }
      double below = 0;
      int token = -1;
      for (int j = 0; j < mass.length && below <= next * whole(total); j++) {
        token = mass[j] > 0 ? j : token;
        below += mass[j];
      }
      return token;
    }
  }

  private static Map<String, Speculation> wrong() {
    Map<String, Speculation> wrong = new TreeMap<>();
    wrong.put(
        "does not normalise the residual",
        new Textbook() {
          @Override
          double whole(double total) {
            return 1;
          }
        });
    wrong.put(
        "draws from p instead of the residual",
        new Textbook() {
          @Override
          double residual(double p, double q) {
            return p;
          }
        });
    wrong.put(
        "takes the absolute difference",
        new Textbook() {
          @Override
          double residual(double p, double q) {
            return Math.abs(p - q);
          }
        });
    wrong.put(
        "takes the residual of the draft",
        new Textbook() {
          @Override
          double residual(double p, double q) {
            return Math.max(q - p, 0);
          }
        });
    wrong.put(
        "accepts with q / p",
        new Textbook() {
          @Override
          boolean accepts(double number, double p, double q) {
            return number < q / p;
          }
        });
    wrong.put(
        "accepts with p",
        new Textbook() {
          @Override
          boolean accepts(double number, double p, double q) {
            return number < p;
          }
        });
    wrong.put(
        "accepts all",
        new Textbook() {
          @Override
          boolean accepts(double number, double p, double q) {
            return true;
          }
        });
    wrong.put(
        "adds no token when all are accepted",
        new Textbook() {
          @Override
          boolean bonus() {
            return false;
          }
        });
    wrong.put(
        "corrects with the next row",
        new Textbook() {
          @Override
          int correctedRow(int rejected) {
            return rejected + 1;
          }
        });
    return wrong;
  }

  static Stream<String> names() {
    return wrong().keySet().stream();
  }

  @ParameterizedTest
  @MethodSource("names")
  @Tag("kill-list")
  void rejects(String name) {
    assertThat(firstFault(wrong().get(name))).contains("distance over bound");
  }

  @Test
  void acceptsTheTextbook() {
    assertThat(firstFault(new Textbook())).isNull();
  }

  /** Those that change the distribution are seen in it too. */
  @ParameterizedTest
  @MethodSource("names")
  void theDistributionTellsThemApart(String name) {
    double distance = SpeculationHarness.distance(wrong().get(name));
    if (name.equals("adds no token when all are accepted")) {
      assertThat(distance).isLessThan(0.006); // it only costs speed
    } else {
      assertThat(distance).isGreaterThan(0.012);
    }
  }

  private static String firstFault(Speculation speculation) {
    for (long seed = 0; seed < 40; seed++) {
      String fault = SpeculationHarness.fault(speculation, 2, 33, seed);
      if (fault != null) {
        return fault;
      }
    }
    return null;
  }
}
