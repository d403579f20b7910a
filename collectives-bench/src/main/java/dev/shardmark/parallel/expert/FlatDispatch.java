package dev.shardmark.parallel.expert;

import dev.shardmark.collectives.Communicator;
import dev.shardmark.kernels.Matrix;
import dev.shardmark.parallel.Meter;

/**
 * {@link Dispatch} by one all-to-all each way, of exactly the rows that are routed, and a small one
 * that tells how many.
 *
 * <p><b>Cost</b> {@link #sentBytes}: rows for other ranks out and rows of other ranks back, 4 h
 * bytes each, and 4 bytes for every slot of another rank.
 */
public final class FlatDispatch implements Dispatch {
  private final RowExchange exchange;
  private final BlockTransposition bySlot;
  private final int[] counts;
  private final int[] offset;

  /**
   * A dispatch.
   *
   * @throws IllegalArgumentException if the group has another number of ranks than the placement
   */
  public FlatDispatch(Communicator group, ExpertPlacement placement, int hidden, Meter meter) {
    checkGroup(group, placement);
    exchange = new RowExchange(group, placement.slots(), hidden);
    bySlot = new BlockTransposition(placement.ranks(), placement.slots(), hidden, meter);
    counts = new int[placement.places()];
    offset = new int[placement.slots() + 1];
  }

  /** Checks that the ranks of a placement are those of a group. */
  static void checkGroup(Communicator group, ExpertPlacement placement) {
    if (group.size() != placement.ranks()) {
      throw new IllegalArgumentException(
          "experts must be placed on the ranks of the group: placement="
              + placement.ranks()
              + " group="
              + group.size());
    }
  }

  /** Sets the rows of each place. */
  static void count(int[] offset, int[] counts) {
    if (offset.length != counts.length + 1) {
      throw new IllegalArgumentException(
          "offsets must be one more than places: offsets="
              + offset.length
              + " places="
              + counts.length);
    }
    for (int place = 0; place < counts.length; place++) {
      counts[place] = offset[place + 1] - offset[place];
    }
  }

  @Override
  public Matrix send(Matrix rows, int[] placeOffset) {
    count(placeOffset, counts);
    Matrix arrived = exchange.send(rows, counts);
    bySlot.count(exchange.counts(), 1);
    bySlot.offsets(offset);
    return bySlot.apply(arrived);
  }

  @Override
  public int[] offset() {
    return offset;
  }

  @Override
  public Matrix giveBack(Matrix results) {
    return exchange.giveBack(bySlot.undo(results));
  }

  /**
   * Bytes of one rank for all three all-to-alls, whether the sender of rows is charged or, where
   * memory is shared, their reader: what goes out comes back.
   */
  public static long sentBytes(RoutedRows routed, int rank, int hidden) {
    ExpertPlacement placement = routed.placement();
    return routed.bothWaysBytes(rank, hidden)
        + RowExchange.countBytes(placement.ranks(), placement.slots());
  }

  /** The mean of {@link #sentBytes} where tokens choose uniformly, and every rank has as many. */
  public static double expectedBytes(ExpertPlacement placement, long tokens, int topK, int hidden) {
    double remote = tokens * RoutedRows.expectedRemoteCopies(topK, placement.ranks());
    return 2 * Float.BYTES * remote * hidden
        + RowExchange.countBytes(placement.ranks(), placement.slots());
  }
}
