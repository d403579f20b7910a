package dev.shardmark.parallel.expert;

import dev.shardmark.collectives.Communicator;
import dev.shardmark.kernels.Matrix;
import dev.shardmark.kernels.layer.LayerOperation;
import dev.shardmark.parallel.Meter;
import java.util.Arrays;

/**
 * {@link Dispatch} of as many rows for every place, C, padded with zeros: one all-to-all of equal
 * blocks each way, and no numbers to tell. Experts compute the padding too.
 *
 * <p><b>Cost</b> {@link #sentBytes}: C rows for every slot of another rank out and as many back,
 * however few of them are payload.
 *
 * <p><b>Source</b> D. Lepikhin et al., GShard, arXiv 2006.16668, 2020: buffers of a fixed capacity.
 */
public final class PaddedDispatch implements Dispatch {
  private final Communicator group;
  private final int capacity;
  private final int places;
  private final int[] counts;
  private final BlockTransposition bySlot;
  private final int[] offset;
  private final RowBuffer padded;
  private final RowBuffer arrived;
  private final RowBuffer unpadded;
  private final Meter meter;

  /** Of the last rows sent. */
  private int[] placeOffset = {0};

  /**
   * A dispatch.
   *
   * @param capacity most rows of a rank for one place
   * @throws IllegalArgumentException if the group has another number of ranks than the placement,
   *     or the capacity is negative
   */
  public PaddedDispatch(
      Communicator group, ExpertPlacement placement, int capacity, int hidden, Meter meter) {
    FlatDispatch.checkGroup(group, placement);
    if (capacity < 0) {
      throw new IllegalArgumentException("capacity must be at least 0: capacity=" + capacity);
    }
    this.group = group;
    this.capacity = capacity;
    this.meter = meter;
    places = placement.places();
    counts = new int[places];
    padded = new RowBuffer(hidden, 1);
    arrived = new RowBuffer(hidden, 1);
    unpadded = new RowBuffer(hidden, 1);
    Arrays.fill(counts, capacity);
    bySlot = new BlockTransposition(placement.ranks(), placement.slots(), hidden, meter);
    bySlot.count(counts, 1);
    offset = new int[placement.slots() + 1];
    bySlot.offsets(offset);
  }

  @Override
  public Matrix send(Matrix rows, int[] placeOffset) {
    this.placeOffset = placeOffset;
    Matrix out = padded.rows(places * capacity);
    pad(rows, out);
    return bySlot.apply(exchange(out));
  }

  @Override
  public int[] offset() {
    return offset;
  }

  @Override
  public Matrix giveBack(Matrix results) {
    Matrix in = exchange(bySlot.undo(results));
    long sinceNs = meter.now();
    Matrix rows = unpadded.rows(placeOffset[places]);
    int cols = rows.cols();
    for (int place = 0; place < places; place++) {
      int from = in.offset() + place * capacity * cols;
      int to = rows.offset() + placeOffset[place] * cols;
      System.arraycopy(in.data(), from, rows.data(), to, counts[place] * cols);
    }
    meter.computed(LayerOperation.PERMUTE, sinceNs);
    return rows;
  }

  private void pad(Matrix rows, Matrix out) {
    FlatDispatch.count(placeOffset, counts);
    long sinceNs = meter.now();
    int cols = rows.cols();
    for (int place = 0; place < places; place++) {
      int count = counts[place];
      if (count > capacity) {
        throw new IllegalArgumentException(
            "rows of a place must not exceed the capacity: place="
                + place
                + " rows="
                + count
                + " capacity="
                + capacity);
      }
      int to = out.offset() + place * capacity * cols;
      int from = rows.offset() + placeOffset[place] * cols;
      System.arraycopy(rows.data(), from, out.data(), to, count * cols);
      Arrays.fill(out.data(), to + count * cols, to + capacity * cols, 0);
    }
    meter.computed(LayerOperation.PERMUTE, sinceNs);
  }

  private Matrix exchange(Matrix out) {
    Matrix in = arrived.rows(places * capacity);
    group.allToAll(out.data(), out.offset(), in.data(), in.offset(), out.rows() * out.cols());
    return in;
  }

  /** Bytes a rank sends for both all-to-alls. */
  public static long sentBytes(ExpertPlacement placement, int capacity, int hidden) {
    return 2L * Float.BYTES * (placement.ranks() - 1) * placement.slots() * capacity * hidden;
  }

  /** Of these, bytes that are no payload. */
  public static long paddingBytes(RoutedRows routed, int rank, int capacity, int hidden) {
    return sentBytes(routed.placement(), capacity, hidden) - routed.bothWaysBytes(rank, hidden);
  }
}
