package dev.shardmark.results.claims;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.List;

/** One number for several. */
public enum Take {
  @JsonProperty("median")
  MEDIAN {
    @Override
    double of(List<Double> values) {
      List<Double> sorted = values.stream().sorted().toList();
      int half = sorted.size() / 2;
      return sorted.size() % 2 == 1
          ? sorted.get(half)
          : (sorted.get(half - 1) + sorted.get(half)) / 2;
    }
  },
  @JsonProperty("mean")
  MEAN {
    @Override
    double of(List<Double> values) {
      return values.stream().mapToDouble(Double::doubleValue).sum() / values.size();
    }
  },
  @JsonProperty("min")
  MIN {
    @Override
    double of(List<Double> values) {
      return values.stream().mapToDouble(Double::doubleValue).min().orElseThrow();
    }
  },
  @JsonProperty("max")
  MAX {
    @Override
    double of(List<Double> values) {
      return values.stream().mapToDouble(Double::doubleValue).max().orElseThrow();
    }
  },
  /** How many times the least the most is. */
  @JsonProperty("spread")
  SPREAD {
    @Override
    double of(List<Double> values) {
      return MAX.of(values) / MIN.of(values);
    }
  };

  /** Of at least one value. */
  abstract double of(List<Double> values);
}
