package dev.shardmark.results.format;

/**
 * What a row's samples come to. Stored for readers of the file; always recomputable from the row
 * and the run's roofs.
 *
 * @param timeUs median over forks of the fork's median, microseconds per operation
 * @param bestForkUs fastest fork median
 * @param worstForkUs slowest fork median
 * @param gflops rate of arithmetic, null without flop
 * @param gbs rate of compulsory bytes, null without bytes
 * @param intensity flop per compulsory byte, null without bytes
 * @param roofPercent share of the roofline bound, null where no roof applies
 * @param bound {@link #COMPUTE} or {@link #BANDWIDTH}: the roof that applies, null without one
 * @throws IllegalArgumentException if a time is not positive or a figure not finite
 */
public record Figures(
    double timeUs,
    double bestForkUs,
    double worstForkUs,
    Double gflops,
    Double gbs,
    Double intensity,
    Double roofPercent,
    String bound) {
  /** The bound of work that is limited by arithmetic. */
  public static final String COMPUTE = "compute";

  /** The bound of work that is limited by memory traffic. */
  public static final String BANDWIDTH = "bandwidth";

  public Figures {
    Finite.positive(timeUs, "timeUs");
    Finite.positive(bestForkUs, "bestForkUs");
    Finite.positive(worstForkUs, "worstForkUs");
    Finite.orNull(gflops, "gflops");
    Finite.orNull(gbs, "gbs");
    Finite.orNull(intensity, "intensity");
    Finite.orNull(roofPercent, "roofPercent");
  }
}
