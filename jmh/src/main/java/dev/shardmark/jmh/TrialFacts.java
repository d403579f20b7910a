package dev.shardmark.jmh;

import java.util.Map;
import java.util.TreeMap;
import java.util.function.DoubleSupplier;

/**
 * What a fork says beside its time: how its check came out, and the phases of its operation.
 *
 * <p>A fork is a process of its own, and JMH brings back only results; {@link TrialFactsProfiler}
 * asks for these after every iteration and sends them along. One trial runs in a fork, so that the
 * facts can be static.
 */
public final class TrialFacts {
  /** Prefix of the largest error over allowed error of a check. */
  public static final String CHECK = "check.";

  /** Prefix of the time one phase took, microseconds per operation. */
  public static final String PHASE = "phase.";

  /** Prefix of the floating-point operations of one phase. */
  public static final String FLOP = "flop.";

  private static final Map<String, DoubleSupplier> FACTS = new TreeMap<>();

  private TrialFacts() {}

  /** Says that a result was checked, and how large its error was against the allowed one. */
  static synchronized void check(String name, double worst) {
    if (!(worst <= 1)) {
      throw new IllegalStateException(
          "the result is wrong: check=" + name + " error over bound=" + worst);
    }
    FACTS.put(CHECK + name, () -> worst);
  }

  /** Says where the mean time of a phase since the last iteration can be had. */
  static synchronized void phase(String name, DoubleSupplier usPerOperation) {
    FACTS.put(PHASE + name, usPerOperation);
  }

  /** Says how many floating-point operations a phase is. */
  static synchronized void flop(String name, double flop) {
    FACTS.put(FLOP + name, () -> flop);
  }

  /** Forgets all, at the start of a trial. */
  static synchronized void clear() {
    FACTS.clear();
  }

  /** The facts as they are now, by name. */
  static synchronized Map<String, Double> now() {
    Map<String, Double> now = new TreeMap<>();
    FACTS.forEach((name, fact) -> now.put(name, fact.getAsDouble()));
    return now;
  }
}
