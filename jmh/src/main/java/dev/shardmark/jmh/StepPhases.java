package dev.shardmark.jmh;

/**
 * Where the time of a step goes, seen from outside the ranks.
 *
 * <p>With start s, end of compute c and end e of each rank: compute = mean(c - s), wait =
 * mean(max(c) - c), communication = max(e) - max(c). Together they are the step from the mean start
 * to the last end. Means over the steps since they were last taken; 0 if there was none.
 */
final class StepPhases {
  /** Longs between two ranks' clocks, so that they share no cache line. */
  private static final int STRIDE = 16;

  private final int ranks;
  private final long[] startedNs;
  private final long[] computedNs;
  private final long[] endedNs;
  private final MeanTime compute = new MeanTime();
  private final MeanTime wait = new MeanTime();
  private final MeanTime communication = new MeanTime();

  StepPhases(int ranks) {
    this.ranks = ranks;
    startedNs = new long[ranks * STRIDE];
    computedNs = new long[ranks * STRIDE];
    endedNs = new long[ranks * STRIDE];
  }

  void started(int rank) {
    startedNs[rank * STRIDE] = System.nanoTime();
  }

  void computed(int rank) {
    computedNs[rank * STRIDE] = System.nanoTime();
  }

  void ended(int rank) {
    endedNs[rank * STRIDE] = System.nanoTime();
  }

  /** Adds the step that all ranks have just left. */
  void stepDone() {
    long lastComputed = computedNs[0];
    long lastEnded = endedNs[0];
    for (int at = STRIDE; at < ranks * STRIDE; at += STRIDE) {
      lastComputed = later(lastComputed, computedNs[at]);
      lastEnded = later(lastEnded, endedNs[at]);
    }
    double computeNs = 0;
    double waitNs = 0;
    for (int at = 0; at < ranks * STRIDE; at += STRIDE) {
      computeNs += computedNs[at] - startedNs[at];
      waitNs += lastComputed - computedNs[at];
    }
    compute.add(computeNs / ranks);
    wait.add(waitNs / ranks);
    communication.add(lastEnded - lastComputed);
  }

  /** System.nanoTime may be negative and may wrap: only differences mean anything. */
  private static long later(long a, long b) {
    return b - a > 0 ? b : a;
  }

  double takeComputeUs() {
    return compute.takeUs();
  }

  double takeWaitUs() {
    return wait.takeUs();
  }

  double takeCommunicationUs() {
    return communication.takeUs();
  }
}
