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
 * @param bound {@code compute} or {@code bandwidth}: the roof that applies, null without one
 */
public record Figures(
    double timeUs,
    double bestForkUs,
    double worstForkUs,
    Double gflops,
    Double gbs,
    Double intensity,
    Double roofPercent,
    String bound) {}
