package dev.shardmark.jmh;

import dev.shardmark.kernels.Caches;
import dev.shardmark.kernels.Work;
import dev.shardmark.kernels.roof.CopyLoop;
import dev.shardmark.kernels.roof.FmaLoop;
import dev.shardmark.kernels.roof.ReadLoop;
import dev.shardmark.kernels.roof.RoofLoop;
import dev.shardmark.kernels.roof.TriadLoop;
import java.util.List;

/**
 * One ceiling to measure: a loop, the memory level it streams from, and how many cores run it.
 *
 * @param footprintBytes what the arrays of one core take together, 0 for registers
 */
public record RoofPoint(String loop, String level, int cores, long footprintBytes) {
  /** The level of a loop that touches no memory. */
  public static final String REGISTERS = "registers";

  /** The loop that touches no memory. */
  public static final String FMA = "fma";

  /** The loops that stream. */
  public static final List<String> STREAMS = List.of("read", "copy", "triad");

  /** One operation moves or computes at least this much, so that starting it costs nothing. */
  private static final long WORK_PER_OPERATION = 16 << 20;

  /**
   * The point for parameters of a benchmark.
   *
   * @throws IllegalArgumentException if the three do not go together
   */
  public static RoofPoint of(String loop, String level, int cores) {
    boolean computes = loop.equals(FMA) && level.equals(REGISTERS);
    boolean streams = STREAMS.contains(loop) && Caches.LEVELS.contains(level);
    if (!computes && !streams) {
      throw new IllegalArgumentException(
          "loop and level must be fma and registers, or one of "
              + STREAMS
              + " and one of "
              + Caches.LEVELS
              + ": loop="
              + loop
              + " level="
              + level);
    }
    CoreCount.require("cores", cores);
    return new RoofPoint(loop, level, cores, computes ? 0 : footprint(Caches.here(), level));
  }

  /**
   * Sizes in the middle of a level: large against the one before, and small enough for a cache that
   * a virtual machine shares.
   */
  private static long footprint(Caches caches, String level) {
    return switch (level) {
      case "L1" -> caches.l1Bytes() * 3 / 4;
      case "L2" -> caches.l2Bytes() / 2;
      case "L3" -> Math.max(2 * caches.l2Bytes(), caches.l3Bytes() / 8);
      default -> 4 * caches.l3Bytes();
    };
  }

  /** A loop of one rank. */
  public RoofLoop newLoop() {
    return switch (loop) {
      case FMA -> new FmaLoop();
      case "read" -> new ReadLoop(footprintBytes);
      case "copy" -> new CopyLoop(footprintBytes);
      default -> new TriadLoop(footprintBytes);
    };
  }

  /** Passes in one operation. */
  public int passes() {
    Work pass = work(1);
    return Math.toIntExact(Math.ceilDiv(WORK_PER_OPERATION, Math.max(pass.bytes(), pass.flop())));
  }

  /** The work of one operation of one core. */
  public Work work() {
    return work(passes());
  }

  private Work work(int passes) {
    return switch (loop) {
      case FMA -> FmaLoop.work(passes);
      case "read" -> ReadLoop.work(footprintBytes, passes);
      case "copy" -> CopyLoop.work(footprintBytes, passes);
      default -> TriadLoop.work(footprintBytes, passes);
    };
  }
}
