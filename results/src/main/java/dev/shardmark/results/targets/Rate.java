package dev.shardmark.results.targets;

import com.fasterxml.jackson.annotation.JsonProperty;
import dev.shardmark.results.format.Workload;
import dev.shardmark.results.unit.Quantity;

/** What is counted a second. */
public enum Rate {
  @JsonProperty("flop/s")
  FLOP {
    @Override
    long perCall(Workload work) {
      return work.flop();
    }

    @Override
    String text(double perSecond) {
      return Quantity.gflops(perSecond / 1e9);
    }
  },
  @JsonProperty("bytes/s")
  BYTES {
    @Override
    long perCall(Workload work) {
      return work.bytes();
    }

    @Override
    String text(double perSecond) {
      return Quantity.gbs(perSecond / 1e9);
    }
  },
  @JsonProperty("calls/s")
  CALLS {
    @Override
    long perCall(Workload work) {
      return 1;
    }

    @Override
    String text(double perSecond) {
      return Quantity.perSecond(perSecond, "call");
    }
  };

  /** How many of them one operation is; 0 where it is none. */
  abstract long perCall(Workload work);

  abstract String text(double perSecond);
}
