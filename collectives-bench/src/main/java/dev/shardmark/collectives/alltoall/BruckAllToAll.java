package dev.shardmark.collectives.alltoall;

import dev.shardmark.collectives.Elements;
import dev.shardmark.collectives.Rank;
import dev.shardmark.collectives.Traffic;
import dev.shardmark.collectives.channel.Channel;

/**
 * All-to-all in as few steps as there can be: in step k each rank sends to r + 2^k, in one message,
 * all blocks that have still to travel a distance with bit k set, whoever they come from, and
 * receives the like from r - 2^k, ranks modulo p.
 *
 * <p>Blocks of others pass through a rank that does not know how long they are. So each message
 * begins with the lengths of its blocks, whether they are equal or not.
 *
 * <p><b>Cost</b> ceil(log2 p) steps; a block is sent once for every bit set in its distance, and a
 * length, of the size of an fp32 element, with it: each rank sends S / 2 log2 p + 2 p log2 p bytes
 * if blocks are equal and p is a power of two. Memory traffic 4 elements per element sent: each is
 * packed, then unpacked.
 *
 * <p><b>Order</b> elements are copied, not combined.
 *
 * <p><b>Source</b> J. Bruck, C.-T. Ho, S. Kipnis, E. Upfal and D. Weathersby, Efficient algorithms
 * for all-to-all communications in multiport message-passing systems, IEEE TPDS 8(11), 1997; for
 * unequal blocks K. Fan et al., Optimizing the Bruck algorithm for non-uniform all-to-all
 * communication, HPDC 2022, which sends the lengths as messages of their own.
 */
public final class BruckAllToAll implements AllToAll {
  // Blocks are told apart by the distance they travel in all: from rank r, that to r + distance.

  /**
   * Scratch of the blocks that pass through: for each distance where its block is, or 0 if none has
   * come, but for distance 0 where the free elements begin; then blocks, each behind its length.
   */
  private static final int STORE = 0;

  private static final int MESSAGE = 1;

  @Override
  public String parameter() {
    return "bruck";
  }

  @Override
  public void run(Rank rank, Blocks in, Blocks out) {
    int p = rank.size();
    int me = rank.rank();
    out.store(rank, me, in.data(), in.at(me), in.length(me));
    Elements store = emptyStore(rank, in.data());
    int step = 0;
    for (int bit = 1; bit < p; bit *= 2, step++) {
      int to = (me + bit) % p;
      Elements message = pack(rank, in, store, bit);
      rank.post(to, message, 0, packedLength(rank, in, store, bit), step);
      Channel from = rank.take((me + p - bit) % p, step);
      store = unpack(rank, from, store, out, bit);
      from.giveBack();
      rank.awaitReturn(to, step);
    }
  }

  private static Elements emptyStore(Rank rank, Elements like) {
    int each = like.elementsPerInt();
    Elements store = rank.scratch(STORE, like, rank.size() * each);
    store.setInt(0, rank.size() * each);
    for (int distance = 1; distance < rank.size(); distance++) {
      store.setInt(distance * each, 0);
    }
    return store;
  }

  /** How many of {@code p} distances have a bit set. */
  private static int count(int p, int bit) {
    return p / (2 * bit) * bit + Math.max(0, p % (2 * bit) - bit);
  }

  private static int packedLength(Rank rank, Blocks in, Elements store, int bit) {
    int each = store.elementsPerInt();
    int length = count(rank.size(), bit) * each;
    for (int distance = bit; distance < rank.size(); distance = next(distance, bit)) {
      length = Math.addExact(length, length(rank, in, store, distance));
    }
    return length;
  }

  private static int next(int distance, int bit) {
    return distance + 1 | bit;
  }

  private static int length(Rank rank, Blocks in, Elements store, int distance) {
    int at = store.getInt(distance * store.elementsPerInt());
    return at > 0 ? store.getInt(at) : in.length((rank.rank() + distance) % rank.size());
  }

  private static Elements pack(Rank rank, Blocks in, Elements store, int bit) {
    int p = rank.size();
    int each = store.elementsPerInt();
    Elements message = rank.scratch(MESSAGE, store, packedLength(rank, in, store, bit));
    int head = 0;
    int at = count(p, bit) * each;
    for (int distance = bit; distance < p; distance = next(distance, bit)) {
      int stored = store.getInt(distance * each);
      int length = length(rank, in, store, distance);
      if (stored > 0) {
        message.copy(at, store, stored + each, length);
      } else {
        message.copy(at, in.data(), in.at((rank.rank() + distance) % p), length);
      }
      message.setInt(head, length);
      head += each;
      at += length;
    }
    return message;
  }

  /** Takes out the blocks that have arrived, and stores the others; returns the store. */
  private static Elements unpack(Rank rank, Channel message, Elements old, Blocks out, int bit) {
    int p = rank.size();
    int each = old.elementsPerInt();
    Elements store = withRoom(rank, old, message.length());
    int end = store.getInt(0);
    int head = message.offset();
    int at = head + count(p, bit) * each;
    for (int distance = bit; distance < p; distance = next(distance, bit)) {
      int length = message.data().getInt(head);
      if (distance < 2 * bit) { // no bit left
        out.store(rank, (rank.rank() + p - distance) % p, message.data(), at, length);
      } else {
        store.setInt(distance * each, end);
        store.setInt(end, length);
        store.copy(end + each, message.data(), at, length);
        end += each + length;
      }
      head += each;
      at += length;
    }
    store.setInt(0, end);
    return store;
  }

  private static Elements withRoom(Rank rank, Elements store, int length) {
    int end = store.getInt(0);
    Elements larger = rank.scratch(STORE, store, Math.addExact(end, length));
    if (larger != store) {
      larger.copy(0, store, 0, end);
    }
    return larger;
  }

  @Override
  public Traffic traffic(int[][] lengths) {
    int p = lengths.length;
    return BlockTraffic.of(
        lengths,
        Integer.SIZE - Integer.numberOfLeadingZeros(p - 1),
        rank -> sent(lengths, rank),
        (from, to) -> from == to ? 2 : 4 * Integer.bitCount((to - from + p) % p));
  }

  private static long sent(int[][] lengths, int rank) {
    int p = lengths.length;
    long sent = 0;
    for (int bit = 1; bit < p; bit *= 2) {
      for (int distance = bit; distance < p; distance = next(distance, bit)) {
        int from = (rank + p - distance % bit) % p;
        sent += 1 + lengths[from][(from + distance) % p];
      }
    }
    return sent;
  }
}
