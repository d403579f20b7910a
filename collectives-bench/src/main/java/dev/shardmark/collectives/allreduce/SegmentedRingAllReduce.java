package dev.shardmark.collectives.allreduce;

import dev.shardmark.collectives.Chunks;
import dev.shardmark.collectives.Elements;
import dev.shardmark.collectives.Rank;
import dev.shardmark.collectives.ReduceOp;
import dev.shardmark.collectives.Traffic;

/**
 * {@link RingAllReduce} whose chunks travel in segments, each a message of its own: a rank passes a
 * segment on while those behind it are still on their way. Where messages are copied, one more is
 * under way than is being combined, so that sending and reducing overlap.
 *
 * <p>All chunks have the same number m of segments, the least that keeps each of them within the
 * given length; with one, this is the plain ring.
 *
 * <p><b>Cost</b> 2 (p - 1) m steps of 1 / m of the data; bytes sent and memory traffic are those of
 * the ring. A segment that fits a cache is still there when it is passed on.
 *
 * <p><b>Order</b> that of {@link RingAllReduce}, bit for bit.
 *
 * <p><b>Source</b> Open MPI, ompi/mca/coll/base/coll_base_allreduce.c, the segmented ring; here
 * segments follow each other without a pause between the steps of the ring.
 */
public final class SegmentedRingAllReduce implements AllReduce {
  /** 16 KiB of fp32: a fraction of a first-level cache. */
  private static final int SEGMENT = 4096;

  private final int segment;

  /** With segments that fit a first-level cache. */
  public SegmentedRingAllReduce() {
    this(SEGMENT);
  }

  /**
   * With segments of the caller's choice.
   *
   * @param segment elements, at most, of each
   */
  public SegmentedRingAllReduce(int segment) {
    if (segment < 1) {
      throw new IllegalArgumentException("segment must be at least 1: segment=" + segment);
    }
    this.segment = segment;
  }

  @Override
  public String parameter() {
    return "segmented_ring";
  }

  @Override
  public void run(Rank rank, Elements buffer, int offset, int length, ReduceOp op) {
    int p = rank.size();
    int segments = segments(p, length);
    int messages = 2 * (p - 1) * segments;
    // A message depends on what came in a step of the ring before: with two segments, not the last.
    int ahead = rank.copies() && segments > 1 ? 1 : 0;
    int posted = 0;
    for (int message = 0; message < messages; message++) {
      for (; posted < messages && posted <= message + ahead; posted++) {
        post(rank, buffer, offset, length, posted, segments);
      }
      take(rank, buffer, offset, length, op, message, segments);
    }
    rank.awaitReturn((rank.rank() + 1) % p, messages - 1);
  }

  private static void post(
      Rank rank, Elements buffer, int offset, int length, int message, int segments) {
    int p = rank.size();
    int chunk = Math.floorMod(rank.rank() - message / segments, p);
    int at = start(length, chunk, p, message % segments, segments);
    int end = start(length, chunk, p, message % segments + 1, segments);
    rank.post((rank.rank() + 1) % p, buffer, offset + at, end - at, message);
  }

  private static void take(
      Rank rank, Elements buffer, int offset, int length, ReduceOp op, int message, int segments) {
    int p = rank.size();
    int prev = (rank.rank() + p - 1) % p;
    int ringStep = message / segments;
    int chunk = Math.floorMod(rank.rank() - ringStep - 1, p);
    int at = start(length, chunk, p, message % segments, segments);
    int end = start(length, chunk, p, message % segments + 1, segments);
    if (ringStep < p - 1) { // reduce-scatter
      rank.takeCombining(op, prev, buffer, offset + at, end - at, message);
    } else { // all-gather
      rank.takeInto(prev, buffer, offset + at, end - at, message);
    }
  }

  /** First element of a segment of a chunk; that of segment {@code segments} is the chunk's end. */
  private static int start(int length, int chunk, int ranks, int segment, int segments) {
    return Chunks.start(length, chunk, ranks)
        + Chunks.start(Chunks.length(length, chunk, ranks), segment, segments);
  }

  private int segments(int ranks, int length) {
    int longest = Math.ceilDiv(length, ranks);
    return Math.max(1, Math.ceilDiv(longest, segment));
  }

  @Override
  public Traffic traffic(int ranks, int length) {
    return Traffic.ofElements(
        ranks,
        length,
        2 * (ranks - 1) * segments(ranks, length),
        rank -> RingAllReduce.sentElements(ranks, length, rank),
        5L * (ranks - 1) * length,
        AllReduce.busFactor(ranks));
  }
}
