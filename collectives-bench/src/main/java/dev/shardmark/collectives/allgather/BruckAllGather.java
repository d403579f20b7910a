package dev.shardmark.collectives.allgather;

import dev.shardmark.collectives.Chunks;
import dev.shardmark.collectives.Elements;
import dev.shardmark.collectives.Rank;
import dev.shardmark.collectives.Traffic;

/**
 * Bruck's all-gather: each rank keeps chunks in the order r, r + 1, ..., ranks modulo p, and in
 * step k sends the first 2^k of them, or as many as are still missing, to r - 2^k. Any p is as good
 * as a power of two; the price is that all is copied into place at the end.
 *
 * <p><b>Cost</b> ceil(log2 p) steps; rank r sends p - 1 chunks, S (p - 1) / p bytes when p divides
 * n. Memory traffic 4 p S: every rank loads and stores every chunk twice.
 *
 * <p><b>Order</b> nothing is combined.
 *
 * <p><b>Source</b> J. Bruck, C.-T. Ho, S. Kipnis, E. Upfal and D. Weathersby, Efficient algorithms
 * for all-to-all communications in multiport message-passing systems, IEEE Transactions on Parallel
 * and Distributed Systems 8(11), 1997.
 */
public final class BruckAllGather implements AllGather {
  @Override
  public String parameter() {
    return "bruck";
  }

  @Override
  public void run(Rank rank, Elements in, int inAt, Elements out, int outAt, int length) {
    int p = rank.size();
    int me = rank.rank();
    Elements turned = rank.scratch(0, out, length);
    turned.copy(0, in, inAt, Chunks.length(length, me, p));
    int step = 0;
    for (int distance = 1; distance < p; distance *= 2, step++) {
      int to = (me + p - distance) % p;
      int from = (me + distance) % p;
      int chunks = Math.min(distance, p - distance);
      int at = elements(length, me, distance, p);
      rank.post(to, turned, 0, elements(length, me, chunks, p), step);
      rank.takeInto(from, turned, at, elements(length, from, chunks, p), step);
    }
    int start = Chunks.start(length, me, p);
    out.copy(outAt + start, turned, 0, length - start);
    out.copy(outAt, turned, length - start, start);
    for (int distance = 1; distance < p; distance *= 2) {
      rank.awaitReturn((me + p - distance) % p, step - 1);
    }
  }

  /** Elements of so many chunks, of which the first is {@code first}, modulo the ranks. */
  private static int elements(int length, int first, int chunks, int ranks) {
    int start = Chunks.start(length, first, ranks);
    int end = first + chunks;
    return end <= ranks
        ? Chunks.start(length, end, ranks) - start
        : length - start + Chunks.start(length, end - ranks, ranks);
  }

  @Override
  public Traffic traffic(int ranks, int length) {
    return Traffic.ofElements(
        ranks,
        length,
        Integer.SIZE - Integer.numberOfLeadingZeros(ranks - 1),
        rank -> sent(ranks, rank, length),
        4L * ranks * length,
        AllGather.busFactor(ranks));
  }

  private static long sent(int ranks, int rank, int length) {
    long sent = 0;
    for (int distance = 1; distance < ranks; distance *= 2) {
      sent += elements(length, rank, Math.min(distance, ranks - distance), ranks);
    }
    return sent;
  }
}
