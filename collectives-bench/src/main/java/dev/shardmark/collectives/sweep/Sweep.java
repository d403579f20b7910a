package dev.shardmark.collectives.sweep;

import dev.shardmark.collectives.Algorithms;
import dev.shardmark.collectives.Group;
import dev.shardmark.collectives.Traffic;
import dev.shardmark.collectives.Transport;
import dev.shardmark.kernels.AlignedFloats;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Times one collective of one group, size by size; each process of it gets the same points. */
public final class Sweep {
  private final Group group;
  private final Exercise exercise;
  private final CallTimer timer;

  /** A sweep over the sizes of one exercise. */
  public Sweep(Group group, Exercise exercise, Effort effort) {
    this.group = group;
    this.exercise = exercise;
    timer = new CallTimer(group, effort);
  }

  /**
   * Sizes in bytes, from the least to the most, each {@code factor} times the one before.
   *
   * @throws IllegalArgumentException unless {@code 1 <= least <= most} and {@code factor > 1}
   */
  public static List<Long> sizes(long least, long most, int factor) {
    if (least < 1 || most < least || factor < 2) {
      throw new IllegalArgumentException(
          "sizes must grow from at least 1 by a factor of at least 2: min-bytes="
              + least
              + " max-bytes="
              + most
              + " factor="
              + factor);
    }
    List<Long> sizes = new ArrayList<>();
    for (long size = least; size <= most; size *= factor) {
      sizes.add(size);
      if (size > Long.MAX_VALUE / factor) {
        break;
      }
    }
    return List.copyOf(sizes);
  }

  /** Verifies one size and, if it is right, times it. */
  public SweepPoint at(long bytes, boolean outOfPlace) {
    int count = exercise.count(bytes, group.size());
    Optional<String> wrong = wrong(count);
    boolean timesOut = outOfPlace && exercise.outLength(count, group.size()) > 0;
    Optional<Timing> out =
        wrong.isEmpty() && timesOut ? Optional.of(timeOutOfPlace(count)) : Optional.empty();
    Optional<Timing> in =
        wrong.isEmpty() && exercise.isInPlace()
            ? Optional.of(timeInPlace(count))
            : Optional.empty();
    return new SweepPoint(
        exercise.operation().parameter(),
        group.algorithm(exercise.operation()),
        group.carrier(),
        group.size(),
        (long) Float.BYTES * count,
        count,
        exercise.reduction(),
        exercise.root(),
        traffic(count),
        wrong,
        out,
        in);
  }

  private Optional<String> wrong(int count) {
    try {
      exercise.verify(group, count);
      return Optional.empty();
    } catch (IllegalStateException e) {
      return Optional.of(e.getMessage());
    }
  }

  /** Size and bus bandwidth are of the operation, whoever runs it. */
  private Traffic traffic(int count) {
    Optional<Algorithms> chosen = group.chosenAlgorithms();
    Algorithms some = chosen.orElse(Algorithms.of(Transport.SHARED));
    Traffic traffic = exercise.traffic(some, group.size(), count);
    return chosen.isPresent() ? traffic : traffic.ofUnknownAlgorithm();
  }

  private Timing timeOutOfPlace(int count) {
    float[][] in = buffers(exercise.inLength(count, group.size()));
    float[][] out = buffers(exercise.outLength(count, group.size()));
    return timer.time(rank -> exercise.call(rank, in[rank.rank()], out[rank.rank()], count));
  }

  private Timing timeInPlace(int count) {
    int ranks = group.size();
    float[][] buffers =
        buffers(Math.max(exercise.inLength(count, ranks), exercise.outLength(count, ranks)));
    return timer.time(rank -> exercise.callInPlace(rank, buffers[rank.rank()], count));
  }

  /** Zeros, which stay zeros however often they are summed, for the ranks of this process. */
  private float[][] buffers(int length) {
    float[][] buffers = new float[group.size()][];
    group.each(rank -> buffers[rank.rank()] = AlignedFloats.allocate(length));
    return buffers;
  }
}
