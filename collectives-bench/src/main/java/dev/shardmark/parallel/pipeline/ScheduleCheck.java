package dev.shardmark.parallel.pipeline;

import dev.shardmark.parallel.pipeline.Schedule.Slot;
import java.util.Arrays;
import java.util.List;

/** Tells whether a schedule is one that a {@link Pipeline} can run; all is exact. */
public final class ScheduleCheck {
  private static final int NEVER = -1;

  private ScheduleCheck() {}

  /** Null when right, otherwise what is wrong. */
  public static String fault(Schedule s) {
    if (s.slots().size() != s.ranks()) {
      return "every rank has slots: ranks=" + s.ranks() + " given=" + s.slots().size();
    }
    int[][][] at = new int[s.ranks()][s.microBatches()][s.chunks()];
    for (int rank = 0; rank < s.ranks(); rank++) {
      String fault = place(s, rank, at[rank]);
      if (fault != null) {
        return fault;
      }
    }
    for (int microBatch = 0; microBatch < s.microBatches(); microBatch++) {
      for (int chunk = 0; chunk < s.chunks(); chunk++) {
        String fault = order(s, at, microBatch, chunk);
        if (fault != null) {
          return fault;
        }
      }
    }
    return null;
  }

  /** Each pair once, and one slot a step. */
  private static String place(Schedule s, int rank, int[][] at) {
    for (int[] chunks : at) {
      Arrays.fill(chunks, NEVER);
    }
    List<Slot> own = s.slots().get(rank);
    int before = NEVER;
    for (Slot slot : own) {
      String which = " rank=" + rank + " " + slot;
      if (slot.microBatch() < 0
          || slot.microBatch() >= s.microBatches()
          || slot.chunk() < 0
          || slot.chunk() >= s.chunks()) {
        return "there is such a micro-batch and chunk:" + which;
      }
      if (slot.step() <= before) {
        return "a rank has one slot at a step, in order:" + which;
      }
      if (at[slot.microBatch()][slot.chunk()] != NEVER) {
        return "a rank computes a chunk of a micro-batch once:" + which;
      }
      before = slot.step();
      at[slot.microBatch()][slot.chunk()] = before;
    }
    return own.size() == s.microBatches() * s.chunks()
        ? null
        : "a rank computes every chunk of every micro-batch: rank="
            + rank
            + " slots="
            + own.size()
            + " pairs="
            + s.microBatches() * s.chunks();
  }

  /** Nothing before what it needs, and activations used as soon as they are there. */
  private static String order(Schedule s, int[][][] at, int microBatch, int chunk) {
    int last = s.ranks() - 1;
    String which = " microBatch=" + microBatch + " chunk=" + chunk;
    for (int rank = 1; rank <= last; rank++) {
      if (at[rank][microBatch][chunk] != at[rank - 1][microBatch][chunk] + 1) {
        return "a rank follows the one before it by a step: rank=" + rank + which;
      }
    }
    if (chunk > 0 && at[0][microBatch][chunk] != at[last][microBatch][chunk - 1] + 1) {
      return "a chunk follows the one before it by a step:" + which;
    }
    int before = microBatch - s.inFlight();
    if (before >= 0 && at[0][microBatch][0] <= at[last][before][s.chunks() - 1]) {
      return "a micro-batch enters after the one F before it has left: inFlight="
          + s.inFlight()
          + which;
    }
    return null;
  }
}
