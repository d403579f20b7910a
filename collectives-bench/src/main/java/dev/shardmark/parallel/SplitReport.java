package dev.shardmark.parallel;

import dev.shardmark.collectives.Operation;
import java.util.List;
import java.util.function.ToLongFunction;

/**
 * The four answers of a sharded run, for one of its ranks: what is split, what is duplicated, what
 * is pipelined, and who says how much.
 *
 * @param layerWeights weights of the whole layer
 * @param splitWeights of them, those that one rank alone holds
 * @param rankWeights weights this rank holds
 * @param duplicatedWeights of them, those that another rank holds as well
 * @param stages stages a token passes one after the other
 * @param inFlight requests or micro-batches under way at once
 * @param said what this rank sends, by axis and operation
 */
public record SplitReport(
    long layerWeights,
    long splitWeights,
    long rankWeights,
    long duplicatedWeights,
    int stages,
    int inFlight,
    List<Said> said) {
  public SplitReport {
    said = List.copyOf(said);
  }

  /**
   * What a rank sends by one operation on behalf of one axis.
   *
   * @param formulaBytes by formula
   * @param countedBytes as the transport counted them
   */
  public record Said(Axis axis, Operation operation, long formulaBytes, long countedBytes) {
    /** A formula beside what was counted. */
    public static Said of(Meter meter, Axis axis, Operation operation, long formulaBytes) {
      return new Said(axis, operation, formulaBytes, meter.sentBytes(axis, operation));
    }
  }

  /** Layers that are not pipelined, in one step. */
  public static SplitReport unpipelined(
      long layerWeights,
      long splitWeights,
      long rankWeights,
      long duplicatedWeights,
      List<Said> said) {
    return new SplitReport(layerWeights, splitWeights, rankWeights, duplicatedWeights, 1, 1, said);
  }

  /** Share of the layer's weights that is split, in percent. */
  public double splitPercent() {
    return 100.0 * splitWeights / layerWeights;
  }

  /** Bytes this rank holds and another as well, in fp32. */
  public long duplicatedBytes() {
    return Float.BYTES * duplicatedWeights;
  }

  /** All bytes by formula. */
  public long formulaBytes() {
    return sum(Said::formulaBytes);
  }

  /** All bytes counted. */
  public long countedBytes() {
    return sum(Said::countedBytes);
  }

  private long sum(ToLongFunction<Said> bytes) {
    return said.stream().mapToLong(bytes).sum();
  }
}
