package dev.shardmark.collectives.alltoall;

import dev.shardmark.collectives.Elements;
import dev.shardmark.collectives.Rank;
import dev.shardmark.collectives.Traffic;

/**
 * All-to-all through shared memory in one step: every rank leaves a copy of all its blocks, behind
 * the place of each, and takes what is meant for it out of the copies of others. Nobody waits until
 * its copy has been read. For blocks so short that a second step would cost more than the copy.
 *
 * <p><b>Cost</b> 1 step; rank r loads from others all that it receives, S (p - 1) / p bytes if
 * blocks are equal, and where each block starts and ends. Memory traffic 4 p S.
 *
 * <p><b>Order</b> elements are copied, not combined.
 *
 * <p><b>Source</b> the eager protocol of message passing, among all ranks at once.
 */
public final class EagerAllToAll implements AllToAll {
  @Override
  public String parameter() {
    return "eager";
  }

  @Override
  public boolean needsSharedMemory() {
    return true;
  }

  @Override
  public void run(Rank rank, Blocks in, Blocks out) {
    int p = rank.size();
    int perInt = in.data().elementsPerInt();
    int header = (p + 1) * perInt;
    Elements offer = rank.nextOffer(in.data(), header + in.total());
    int first = in.at(0);
    for (int peer = 0; peer <= p; peer++) {
      int end = peer < p ? in.at(peer) : first + in.total();
      offer.setInt(peer * perInt, header + end - first);
    }
    offer.copy(header, in.data(), first, in.total());
    rank.offer(0);
    for (int peer = 0; peer < p; peer++) {
      Elements theirs = rank.offered(peer);
      int at = theirs.getInt(rank.rank() * perInt);
      int length = theirs.getInt((rank.rank() + 1) * perInt) - at;
      out.store(rank, peer, theirs, at, length);
      rank.countSent(peer, length + 2L * perInt, theirs);
    }
  }

  @Override
  public Traffic traffic(int[][] lengths) {
    int p = lengths.length;
    return BlockTraffic.of(
        lengths, 1, rank -> BlockTraffic.received(lengths, rank) + 2L * (p - 1), (from, to) -> 4);
  }
}
