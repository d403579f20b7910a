package dev.shardmark.kernels.sampling;

import static org.assertj.core.api.Assertions.assertThat;

import dev.shardmark.kernels.Matrix;
import dev.shardmark.kernels.TestMatrices;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The check is itself checked: each of these wrong samplers must be caught. */
final class SamplerCheckTest {
  /** A sampler step by step, each of which a wrong one does otherwise. */
  private static class Textbook implements Sampler {
    double heat(double logit, double temperature) {
      return logit / temperature;
    }

    Comparator<Integer> order(double[] z) {
      return Comparator.<Integer>comparingDouble(j -> z[j]).reversed().thenComparing(j -> j);
    }

    int topK(int topK) {
      return topK;
    }

    /** How many reach the share. */
    int topP(List<Integer> ids, double[] mass, double share) {
      double sum = 0;
      for (int i = 0; i < ids.size(); i++) {
        sum += mass[ids.get(i)];
        if (sum >= share) {
          return i + 1;
        }
      }
      return ids.size();
    }

    double leastMass(double minP, double total) {
      return minP;
    }

    double whole(double total, double kept) {
      return kept;
    }

    void arrange(List<Integer> ids) {
      Collections.sort(ids);
    }

    int drawn(List<Integer> ids, int place) {
      return ids.get(place);
    }

    @Override
    public final void sample(Matrix logits, Sampling sampling, double[] uniform, int[] token) {
      for (int i = 0; i < logits.rows(); i++) {
        token[i] = sample(logits, i, sampling, sampling.greedy() ? 0 : uniform[i]);
      }
    }

    private int sample(Matrix logits, int i, Sampling sampling, double uniform) {
      List<Integer> ids = new ArrayList<>();
      double[] z = new double[logits.cols()];
      for (int j = 0; j < z.length; j++) {
        z[j] = heat(logits.at(i, j), sampling.greedy() ? 1 : sampling.temperature());
        ids.add(j);
      }
      ids.sort(order(z));
      int k = topK(sampling.greedy() ? 1 : sampling.topK());
      List<Integer> kept = new ArrayList<>(ids.subList(0, Math.min(k, z.length)));
      double[] mass = new double[z.length];
      double total = 0;
      for (int j : kept) {
        mass[j] = Math.exp(z[j] - z[ids.get(0)]);
        total += mass[j];
      }
      int few = sampling.topP() < 1 ? topP(kept, mass, sampling.topP() * total) : kept.size();
      kept = new ArrayList<>(kept.subList(0, few));
      double least = leastMass(sampling.minP(), total);
      kept.removeIf(j -> mass[j] < least);
      double keptMass = kept.stream().mapToDouble(j -> mass[j]).sum();
      arrange(kept);
      double below = 0;
      for (int place = 0; place < kept.size(); place++) {
        below += mass[kept.get(place)];
        if (below > uniform * whole(total, keptMass) || place == kept.size() - 1) {
          return drawn(kept, place);
        }
      }
      return -1;
    }
  }

  private static Map<String, Sampler> wrong() {
    Map<String, Sampler> wrong = new TreeMap<>();
    wrong.put(
        "takes the last of equal logits",
        new Textbook() {
          @Override
          Comparator<Integer> order(double[] z) {
            return Comparator.<Integer>comparingDouble(j -> z[j]).reversed().thenComparing(j -> -j);
          }
        });
    wrong.put(
        "multiplies by the temperature",
        new Textbook() {
          @Override
          double heat(double logit, double temperature) {
            return logit * temperature;
          }
        });
    wrong.put(
        "ignores the temperature",
        new Textbook() {
          @Override
          double heat(double logit, double temperature) {
            return logit;
          }
        });
    wrong.put("top-k keeps k + 1", topK(1));
    wrong.put("top-k keeps k - 1", topK(-1));
    wrong.put(
        "takes the first tokens unsorted",
        new Textbook() {
          @Override
          Comparator<Integer> order(double[] z) {
            return Comparator.naturalOrder();
          }
        });
    wrong.put("top-p drops the token that crosses", topP(-1));
    wrong.put("top-p keeps one more", topP(1));
    wrong.put(
        "top-p counts the share of all, not of the top-k",
        new Textbook() {
          @Override
          int topP(List<Integer> ids, double[] mass, double share) {
            return super.topP(ids, mass, ids.size() < 20 ? share * 1.3 : share);
          }
        });
    wrong.put(
        "min-p is absolute",
        new Textbook() {
          @Override
          double leastMass(double minP, double total) {
            return minP * total;
          }
        });
    wrong.put(
        "min-p ignored",
        new Textbook() {
          @Override
          double leastMass(double minP, double total) {
            return 0;
          }
        });
    wrong.put(
        "forgets to renormalise",
        new Textbook() {
          @Override
          double whole(double total, double kept) {
            return total;
          }
        });
    wrong.put(
        "draws in another order",
        new Textbook() {
          @Override
          void arrange(List<Integer> ids) {
            Collections.sort(ids, Collections.reverseOrder());
          }
        });
    wrong.put(
        "draws the token after",
        new Textbook() {
          @Override
          int drawn(List<Integer> ids, int place) {
            return ids.get((place + 1) % ids.size());
          }
        });
    wrong.put(
        "draws the place instead of the token",
        new Textbook() {
          @Override
          int drawn(List<Integer> ids, int place) {
            return place;
          }
        });
    return wrong;
  }

  private static Sampler topK(int more) {
    return new Textbook() {
      @Override
      int topK(int topK) {
        return topK == Sampling.ALL ? topK : Math.max(1, topK + more);
      }
    };
  }

  private static Sampler topP(int more) {
    return new Textbook() {
      @Override
      int topP(List<Integer> ids, double[] mass, double share) {
        return Math.clamp(super.topP(ids, mass, share) + more, 1, ids.size());
      }
    };
  }

  static Stream<String> names() {
    return wrong().keySet().stream();
  }

  @ParameterizedTest
  @MethodSource("names")
  @Tag("kill-list")
  void rejects(String name) {
    assertThat(SamplerHarness.fault(wrong().get(name), logits())).contains("distance over bound");
  }

  @Test
  void acceptsTheTextbook() {
    assertThat(SamplerHarness.fault(new Textbook(), logits())).isNull();
  }

  /** Random logits in steps of 1/8, so that some are equal. */
  private static Matrix logits() {
    Matrix logits = TestMatrices.padded(4, 60, new SplittableRandom(1));
    for (int at = 0; at < logits.data().length; at++) {
      logits.data()[at] =
          Float.isNaN(logits.data()[at]) ? Float.NaN : Math.round(logits.data()[at] * 16) / 8f;
    }
    return logits;
  }
}
