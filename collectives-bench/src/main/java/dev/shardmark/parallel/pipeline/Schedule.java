package dev.shardmark.parallel.pipeline;

import java.util.ArrayList;
import java.util.List;

/**
 * What each rank of a pipeline computes at each step, forward, if all chunks take equally long.
 *
 * <p>What a rank has computed at a step its successor has before the next; the last rank's
 * successor is the first. A micro-batch goes once through all layers. It enters no earlier than the
 * one F before it has left: in decode these are two tokens of one request, and F are the requests
 * in flight.
 *
 * <p><b>Cost</b> {@link #steps}: m + p - 1 units if F is at least p, and v m + p - 1 of chunks a
 * v-th as long; idle is a share (p - 1) / (v m + p - 1). Below p, ranks have F of each p steps to
 * do.
 *
 * <p><b>Source</b> Y. Huang et al., GPipe, 2019; chunks: D. Narayanan et al., Efficient Large-Scale
 * Language Model Training on GPU Clusters Using Megatron-LM, arXiv 2104.04473, section 2.2.
 *
 * @param ranks p
 * @param microBatches m
 * @param inFlight F
 * @param chunks v
 * @param slots of each rank, in the order of their steps
 */
public record Schedule(
    int ranks, int microBatches, int inFlight, int chunks, List<List<Slot>> slots) {
  /** One chunk of one micro-batch. */
  public record Slot(int step, int microBatch, int chunk) {}

  public Schedule {
    slots = slots.stream().map(List::copyOf).toList();
  }

  /**
   * Micro-batches through contiguous stages.
   *
   * @param inFlight at most so many at once; as many as micro-batches if nobody awaits an answer
   * @throws IllegalArgumentException if there is no rank, no micro-batch, or none in flight
   */
  public static Schedule contiguous(int ranks, int microBatches, int inFlight) {
    if (inFlight < 1 || inFlight > microBatches) {
      throw new IllegalArgumentException(
          "requests in flight must be in 1..microBatches: inFlight="
              + inFlight
              + " microBatches="
              + microBatches);
    }
    return of(ranks, microBatches, inFlight, 1);
  }

  /**
   * Micro-batches through v chunks a rank, p at a time through each chunk.
   *
   * @throws IllegalArgumentException if p does not divide m: the last few would leave gaps in every
   *     chunk
   */
  public static Schedule interleaved(int ranks, int microBatches, int chunks) {
    if (ranks < 1 || chunks < 1 || microBatches < 1 || microBatches % ranks != 0) {
      throw new IllegalArgumentException(
          "interleaved micro-batches must be a positive multiple of the ranks: microBatches="
              + microBatches
              + " ranks="
              + ranks
              + " chunks="
              + chunks);
    }
    return of(ranks, microBatches, chunks == 1 ? microBatches : ranks, chunks);
  }

  private static Schedule of(int ranks, int microBatches, int inFlight, int chunks) {
    if (ranks < 1) {
      throw new IllegalArgumentException("a pipeline must have a rank: ranks=" + ranks);
    }
    int period = Math.max(inFlight, ranks);
    List<List<Slot>> slots = new ArrayList<>();
    for (int rank = 0; rank < ranks; rank++) {
      List<Slot> own = new ArrayList<>();
      for (int first = 0; first < microBatches; first += inFlight) {
        int together = Math.min(inFlight, microBatches - first);
        for (int chunk = 0; chunk < chunks; chunk++) {
          int start = (first / inFlight * chunks + chunk) * period + rank;
          for (int i = 0; i < together; i++) {
            own.add(new Slot(start + i, first + i, chunk));
          }
        }
      }
      slots.add(own);
    }
    return new Schedule(ranks, microBatches, inFlight, chunks, slots);
  }

  /** The request of a micro-batch, of F: micro-batches F apart belong together. */
  public int request(int microBatch) {
    return microBatch % inFlight;
  }

  /** Steps until the last rank is done. */
  public int steps() {
    int last = 0;
    for (List<Slot> own : slots) {
      last = Math.max(last, own.isEmpty() ? 0 : own.getLast().step() + 1);
    }
    return last;
  }

  /** Steps of m micro-batches in groups of F, by formula. */
  public static int steps(int ranks, int microBatches, int inFlight, int chunks) {
    int groups = Math.ceilDiv(microBatches, inFlight);
    int lastGroup = microBatches - (groups - 1) * inFlight;
    return (groups * chunks - 1) * Math.max(inFlight, ranks) + lastGroup + ranks - 1;
  }

  /** The share of all ranks' steps in which they compute. */
  public double utilisation() {
    long busy = slots.stream().mapToLong(List::size).sum();
    return (double) busy / ((long) ranks * steps());
  }

  /** The utilisation of a pipeline that neither fills nor drains: F / p below p. */
  public static double steadyUtilisation(int ranks, int inFlight) {
    return Math.min(1, (double) inFlight / ranks);
  }

  /** The share of time without work while micro-batches fill and drain a pipeline, by formula. */
  public static double bubble(int ranks, int microBatches, int chunks) {
    return (ranks - 1.0) / ((double) chunks * microBatches + ranks - 1);
  }

  /** Most micro-batches at once between entering and leaving. */
  public int peakInFlight() {
    int[] change = new int[steps() + 1];
    slots.getFirst().stream().filter(slot -> slot.chunk() == 0).forEach(in -> change[in.step()]++);
    slots.getLast().stream()
        .filter(slot -> slot.chunk() == chunks - 1)
        .forEach(out -> change[out.step() + 1]--);
    int now = 0;
    int peak = 0;
    for (int at : change) {
      now += at;
      peak = Math.max(peak, now);
    }
    return peak;
  }

  /** Whether a rank's slot is the last of its micro-batch. */
  boolean leaves(int rank, Slot slot) {
    return rank == ranks - 1 && slot.chunk() == chunks - 1;
  }

  /** Whether somebody awaits the answer to a micro-batch. */
  boolean isAwaited(int microBatch) {
    return microBatch + inFlight < microBatches;
  }

  /** A rank's slots by step, null where it is idle. */
  Slot[] bySteps(int rank) {
    Slot[] at = new Slot[steps()];
    for (Slot slot : slots.get(rank)) {
      at[slot.step()] = slot;
    }
    return at;
  }
}
