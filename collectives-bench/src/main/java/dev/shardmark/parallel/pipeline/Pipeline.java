package dev.shardmark.parallel.pipeline;

import dev.shardmark.collectives.Communicator;
import dev.shardmark.kernels.Matrix;
import dev.shardmark.parallel.pipeline.Schedule.Slot;
import java.util.Arrays;

/**
 * One rank of a pipeline: computes what its {@link Schedule} says, and passes activations on.
 *
 * <p><b>Before</b> each rank has its {@link Stage}s, as {@link LayerSplit} deals layers.
 * <b>After</b> the last rank has seen every micro-batch leave; what it answered, (T, w), goes back
 * to the first where a later micro-batch awaits it.
 *
 * <p><b>Cost</b> {@link #sentBytes}: 4 T h for each micro-batch a rank passes on, v times if it has
 * v chunks, and 4 T w for an answer. Between two steps a rank passes on what it computed and takes
 * what it needs next, in one call where it does both, so that blocking sends cannot wait in a
 * circle; it has two buffers, one to compute in and one to receive in.
 *
 * <p><b>Order</b> no sums cross ranks: results are those of the same stages on one rank, bit for
 * bit.
 *
 * <p><b>Threading</b> all ranks call together. Nothing is allocated from the second run on.
 */
public final class Pipeline {
  private static final int NOTHING = -1;

  private final Communicator pipeline;
  private final Schedule schedule;
  private final Stage[] stages;
  private final int rank;
  private final int next;
  private final int previous;
  private final int kinds;

  /** This rank's slots and its predecessor's, by step. */
  private final Slot[] own;

  private final Slot[] theirs;

  /** Two buffers, each seen as the activations of each kind of micro-batch. */
  private final Matrix[][] activations;

  private final Matrix[] answers;
  private int current;

  /**
   * A rank of a pipeline.
   *
   * @param stages of this rank, one for each chunk
   * @param rows T of all micro-batches, of each of F requests, or, without answers, of each
   * @param hidden h
   * @param answerWidth w; 0 if the first rank need only know that a micro-batch has left
   * @throws IllegalArgumentException if these do not go together, or the schedule is not legal
   */
  public Pipeline(
      Communicator pipeline,
      Schedule schedule,
      Stage[] stages,
      int[] rows,
      int hidden,
      int answerWidth) {
    check(pipeline, schedule, stages, rows, answerWidth);
    this.pipeline = pipeline;
    this.schedule = schedule;
    this.stages = stages.clone();
    int p = pipeline.size();
    rank = pipeline.rank();
    next = (rank + 1) % p;
    previous = (rank + p - 1) % p;
    own = schedule.bySteps(rank);
    theirs = schedule.bySteps(previous);
    kinds = rows.length;
    activations = new Matrix[][] {views(rows, hidden), views(rows, hidden)};
    answers = new Matrix[schedule.inFlight()];
    Arrays.setAll(answers, i -> Matrix.zeros(rows[i % kinds], answerWidth));
  }

  private static void check(
      Communicator pipeline, Schedule schedule, Stage[] stages, int[] rows, int answerWidth) {
    if (schedule.ranks() != pipeline.size() || stages.length != schedule.chunks()) {
      throw new IllegalArgumentException(
          "a schedule must have the ranks of its group, and a rank a stage for each chunk: ranks="
              + schedule.ranks()
              + " group="
              + pipeline.size()
              + " chunks="
              + schedule.chunks()
              + " stages="
              + stages.length);
    }
    boolean known =
        rows.length == 1
            || rows.length == schedule.inFlight()
            || rows.length == schedule.microBatches() && answerWidth == 0;
    if (!known) {
      throw new IllegalArgumentException(
          "rows must be given for all, for each request in flight or for each micro-batch: rows="
              + Arrays.toString(rows)
              + " inFlight="
              + schedule.inFlight());
    }
    String fault = ScheduleCheck.fault(schedule);
    if (fault != null) {
      throw new IllegalArgumentException("a schedule must be legal: " + fault);
    }
  }

  /** One buffer as large as the largest micro-batch, seen as each of them. */
  private static Matrix[] views(int[] rows, int hidden) {
    Matrix largest = Matrix.zeros(Arrays.stream(rows).max().orElse(0), hidden);
    return Arrays.stream(rows)
        .mapToObj(t -> new Matrix(largest.data(), largest.offset(), t, hidden, hidden))
        .toArray(Matrix[]::new);
  }

  /** Passes all micro-batches through. */
  public void run(Ends ends) {
    for (int step = 0; step < own.length; step++) {
      if (own[step] != null) {
        compute(own[step], ends);
      }
      if (rank != next) {
        exchange(own[step], theirs[step]);
      }
    }
  }

  private void compute(Slot slot, Ends ends) {
    int microBatch = slot.microBatch();
    Matrix tokens = activations[current][microBatch % kinds];
    if (rank == 0 && slot.chunk() == 0) {
      ends.enter(microBatch, answers[schedule.request(microBatch)], tokens);
    }
    stages[slot.chunk()].apply(microBatch, tokens);
    if (schedule.leaves(rank, slot)) {
      ends.leave(microBatch, tokens, answers[schedule.request(microBatch)]);
    }
  }

  /** Every message of a step is sent and taken before the next. */
  private void exchange(Slot mine, Slot other) {
    Matrix out = payload(rank, mine, current);
    Matrix in = payload(previous, other, 1 - current);
    if (out != null && in != null) {
      pipeline.sendReceive(
          next, out.data(), out.offset(), size(out), previous, in.data(), in.offset(), size(in));
    } else if (out != null) {
      pipeline.send(next, out.data(), out.offset(), size(out));
    } else if (in != null) {
      pipeline.receive(previous, in.data(), in.offset(), size(in));
    }
    if (in != null && !schedule.leaves(previous, other)) {
      current = 1 - current;
    }
  }

  /** What a rank passes on after a slot: activations in a buffer, an answer, or null. */
  private Matrix payload(int from, Slot slot, int buffer) {
    if (slot == null) {
      return null;
    }
    if (!schedule.leaves(from, slot)) {
      return activations[buffer][slot.microBatch() % kinds];
    }
    return schedule.isAwaited(slot.microBatch())
        ? answers[schedule.request(slot.microBatch())]
        : null;
  }

  private static int size(Matrix dense) {
    return dense.rows() * dense.cols();
  }

  /** Bytes a rank sends in a run, by formula; arguments as those of the constructor. */
  public static long sentBytes(
      Schedule schedule, int rank, int[] rows, int hidden, int answerWidth) {
    if (schedule.ranks() == 1) {
      return 0;
    }
    boolean last = rank == schedule.ranks() - 1;
    long elements = 0;
    for (int i = 0; i < schedule.microBatches(); i++) {
      long t = rows[i % rows.length];
      elements += t * hidden * (last ? schedule.chunks() - 1 : schedule.chunks());
      elements += last && schedule.isAwaited(i) ? t * answerWidth : 0;
    }
    return Float.BYTES * elements;
  }
}
