package dev.shardmark.parallel.serving;

import java.util.Arrays;
import java.util.List;

/** Counts what a {@link Served} reports. */
final class Ledger {
  final int[][] said;
  private final int[] first;
  private final int[] last;
  private final int slots;
  private final KvMemory memory;
  private long iterations;
  private long padded;
  private long preempted;
  private long recomputedTokens;
  private long mostHeldTokens;
  private long heldTokens;
  private long filledTokens;
  private long residents;

  Ledger(List<Request> requests, int slots, KvMemory memory) {
    said = requests.stream().map(one -> new int[one.outputTokens()]).toArray(int[][]::new);
    first = new int[said.length];
    last = new int[said.length];
    Arrays.fill(first, -1);
    this.slots = slots;
    this.memory = memory;
  }

  /** The number of this iteration. */
  int now() {
    return Math.toIntExact(iterations);
  }

  void start(Request request, int cachedBefore) {
    if (first[request.id()] < 0) {
      first[request.id()] = now();
    } else {
      recomputedTokens += cachedBefore;
    }
  }

  void preempt() {
    preempted++;
  }

  void pad() {
    padded++;
  }

  void end(Request request) {
    last[request.id()] = now();
  }

  /** Ends an iteration, before what is done has left the memory. */
  void count(int live) {
    iterations++;
    mostHeldTokens = Math.max(mostHeldTokens, memory.heldTokens());
    heldTokens += memory.heldTokens();
    filledTokens += memory.filledTokens();
    residents += live;
  }

  Served served() {
    return new Served(
        said,
        first,
        last,
        slots,
        iterations,
        padded,
        preempted,
        recomputedTokens,
        mostHeldTokens,
        heldTokens,
        filledTokens,
        residents);
  }
}
