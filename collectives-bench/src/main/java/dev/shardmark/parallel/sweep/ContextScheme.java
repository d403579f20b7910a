package dev.shardmark.parallel.sweep;

import dev.shardmark.collectives.Algorithms;
import dev.shardmark.collectives.Communicator;
import dev.shardmark.kernels.Kernels;
import dev.shardmark.kernels.Variant;
import dev.shardmark.parallel.AttentionCore;
import dev.shardmark.parallel.Meter;
import dev.shardmark.parallel.PromptCore;
import dev.shardmark.parallel.context.AllGatherCore;
import dev.shardmark.parallel.context.AttentionShape;
import dev.shardmark.parallel.context.Placement;
import dev.shardmark.parallel.context.RingCore;
import dev.shardmark.parallel.context.UlyssesCore;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/** How ranks that divide the tokens of a prompt attend to each other's keys. */
public enum ContextScheme {
  /** A ring over tokens in a row: the last rank sees most. */
  RING(Placement.CONTIGUOUS),
  /** A ring where each rank has a part from the front and one from the end. */
  ZIGZAG(Placement.ZIGZAG),
  /** A ring where every c-th token is a rank's. */
  STRIPED(Placement.STRIPED),
  /** All keys gathered before attention, tokens placed as by zigzag. */
  ALL_GATHER(Placement.ZIGZAG),
  /** Heads instead of tokens divided while attending. */
  ULYSSES(Placement.CONTIGUOUS);

  private final Placement placement;

  ContextScheme(Placement placement) {
    this.placement = placement;
  }

  /** Which tokens a rank holds. */
  public Placement placement() {
    return placement;
  }

  /** The name on the command line and in rows, in lower case. */
  public String parameter() {
    return name().toLowerCase(Locale.ROOT);
  }

  /**
   * The scheme of this name.
   *
   * @throws IllegalArgumentException naming the accepted values, if there is none
   */
  public static ContextScheme of(String parameter) {
    List<String> names = Arrays.stream(values()).map(ContextScheme::parameter).toList();
    if (!names.contains(parameter)) {
      throw new IllegalArgumentException(
          "scheme must be one of " + names + ": scheme=" + parameter);
    }
    return values()[names.indexOf(parameter)];
  }

  /**
   * Checks that heads divide, where they are divided.
   *
   * @throws IllegalArgumentException naming the numbers, if not
   */
  void check(AttentionShape shape, int ranks) {
    if (this == ULYSSES) {
      UlyssesCore.share(shape, ranks);
    }
  }

  AttentionCore core(Communicator context, AttentionShape shape, Variant variant, Meter meter) {
    return switch (this) {
      case RING, ZIGZAG, STRIPED ->
          new RingCore(context, placement, shape, Kernels.attention(variant), meter);
      case ALL_GATHER ->
          new AllGatherCore(context, placement, shape, Kernels.attention(variant), meter);
      case ULYSSES -> new UlyssesCore(context, shape, new PromptCore(variant, meter), meter);
    };
  }

  long sentBytes(AttentionShape shape, int rank, int ranks, Algorithms algorithms) {
    return switch (this) {
      case RING, ZIGZAG, STRIPED -> RingCore.sentBytes(shape, placement, rank, ranks);
      case ALL_GATHER ->
          AllGatherCore.sentBytes(shape, placement, rank, ranks, algorithms.allGather());
      case ULYSSES -> UlyssesCore.sentBytes(shape, rank, ranks, algorithms.allToAll());
    };
  }

  /** Pairs of a query and a key of one head, of a rank with all its heads. */
  long pairs(int tokens, int rank, int ranks) {
    long all = (long) tokens * (tokens + 1L) / 2;
    return this == ULYSSES ? all / ranks : placement.pairs(tokens, rank, ranks);
  }
}
