package dev.shardmark.results.unit;

import dev.shardmark.results.format.Figures;
import dev.shardmark.results.format.Roof;
import dev.shardmark.results.format.Workload;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.function.Predicate;

/**
 * The roofline model over the ceilings of one run: no work is done faster than its flop at the
 * highest rate of arithmetic, or its bytes at the highest bandwidth of the memory they come from.
 *
 * <pre>{@code time >= max(flop / P, bytes / B)}</pre>
 *
 * where P is the highest roof in GFLOP/s of as many cores, and B the highest roof in GB/s (read,
 * copy or triad) of as many cores and the same memory level.
 *
 * <p>Source: Williams, Waterman and Patterson, <em>Roofline: an insightful visual performance model
 * for multicore architectures</em>, 2009.
 */
public final class Roofline {
  private final List<Roof> roofs;

  private Roofline(List<Roof> roofs) {
    this.roofs = roofs;
  }

  public static Roofline of(List<Roof> roofs) {
    return new Roofline(List.copyOf(roofs));
  }

  /**
   * A limit on the time of some work.
   *
   * @param timeUs least time the roofs allow, microseconds
   * @param name {@link Figures#COMPUTE} or {@link Figures#BANDWIDTH}, whichever takes longer; at
   *     the ridge {@code compute}
   */
  public record Bound(double timeUs, String name) {}

  /** P in GFLOP/s: the highest rate of arithmetic of {@code cores} cores together. */
  public OptionalDouble gflops(int cores) {
    return highest(roof -> roof.unit().equals(Roof.GFLOPS) && roof.cores() == cores);
  }

  /** B in GB/s: the highest bandwidth {@code cores} cores together have from {@code level}. */
  public OptionalDouble gbs(String level, int cores) {
    return highest(
        roof ->
            roof.unit().equals(Roof.GBS)
                && roof.cores() == cores
                && Objects.equals(roof.level(), level));
  }

  /** P / B in flop per byte: the intensity from which on arithmetic is the limit. */
  public OptionalDouble ridgeIntensity(String level, int cores) {
    OptionalDouble gflops = gflops(cores);
    OptionalDouble gbs = gbs(level, cores);
    return gflops.isEmpty() || gbs.isEmpty()
        ? OptionalDouble.empty()
        : OptionalDouble.of(gflops.getAsDouble() / gbs.getAsDouble());
  }

  /** The bound of {@code work}; empty if a roof it needs is missing, or if there is no work. */
  public Optional<Bound> bound(Workload work) {
    OptionalDouble computeUs = timeUs(work.flop(), gflops(work.cores()));
    OptionalDouble bandwidthUs = timeUs(work.bytes(), gbs(work.level(), work.cores()));
    boolean idle = work.flop() == 0 && work.bytes() == 0;
    if (idle || computeUs.isEmpty() || bandwidthUs.isEmpty()) {
      return Optional.empty();
    }
    return Optional.of(
        computeUs.getAsDouble() >= bandwidthUs.getAsDouble()
            ? new Bound(computeUs.getAsDouble(), Figures.COMPUTE)
            : new Bound(bandwidthUs.getAsDouble(), Figures.BANDWIDTH));
  }

  private OptionalDouble highest(Predicate<Roof> which) {
    return roofs.stream().filter(which).mapToDouble(Roof::value).max();
  }

  /** {@code count} at a rate of 1e9 a second; work there is none of needs no roof. */
  private static OptionalDouble timeUs(long count, OptionalDouble rateG) {
    if (count == 0) {
      return OptionalDouble.of(0);
    }
    return rateG.isEmpty()
        ? OptionalDouble.empty()
        : OptionalDouble.of(count / (rateG.getAsDouble() * 1e3));
  }
}
