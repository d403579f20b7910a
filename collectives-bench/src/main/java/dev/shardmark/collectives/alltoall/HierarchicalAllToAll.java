package dev.shardmark.collectives.alltoall;

import dev.shardmark.collectives.Elements;
import dev.shardmark.collectives.Rank;
import dev.shardmark.collectives.Traffic;
import dev.shardmark.collectives.channel.Channel;

/**
 * All-to-all in two dimensions: {@code groupSize} consecutive ranks form a node, the rest a smaller
 * one. First each rank of a node collects what its node has for all ranks of its own number within
 * their nodes; then it sends each of these ranks one message. So few long messages cross between
 * nodes, instead of many short ones.
 *
 * <p>In a smaller node rank i collects for all numbers that are i modulo the size of the node. As
 * in {@link BruckAllToAll}, a message begins with the lengths of its blocks, whether they are equal
 * or not.
 *
 * <p><b>Cost</b> with g ranks in each node, 2 steps; each rank sends g - 1 messages of S / g inside
 * its node and p / g - 1 messages of g S / p to other nodes, each with a length for each block.
 * Memory traffic 4 elements per element that travels in one step, 6 where it takes both.
 *
 * <p><b>Order</b> elements are copied, not combined.
 *
 * <p><b>Source</b> C. Hwang et al., Tutel: adaptive mixture-of-experts at scale, MLSys 2023
 * (two-dimensional hierarchical all-to-all); S. Rajbhandari et al., DeepSpeed-MoE, ICML 2022.
 */
public final class HierarchicalAllToAll implements AllToAll {
  private static final int INSIDE = 0; // scratch, and the step
  private static final int BETWEEN = 1;

  private final int groupSize;

  /** With nodes of so many ranks; one node if there are no more. */
  public HierarchicalAllToAll(int groupSize) {
    if (groupSize < 1) {
      throw new IllegalArgumentException("a node must have a rank: groupSize=" + groupSize);
    }
    this.groupSize = groupSize;
  }

  @Override
  public String parameter() {
    return "hierarchical(" + groupSize + ")";
  }

  @Override
  public void run(Rank rank, Blocks in, Blocks out) {
    int me = rank.rank();
    out.store(rank, me, in.data(), in.at(me), in.length(me));
    sendInside(rank, in);
    sendBetween(rank, in);
    receiveInside(rank, out);
    receiveBetween(rank, out);
    awaitReturns(rank);
  }

  private int first(int rank) {
    return rank - rank % groupSize;
  }

  /** One behind the last rank of the node of a rank. */
  private int end(int rank, int p) {
    return Math.min(first(rank) + groupSize, p);
  }

  /** The rank in the node of {@code from} that collects what it has for {@code to}. */
  private int carrier(int from, int to, int p) {
    int first = first(from);
    return first + to % groupSize % (end(from, p) - first);
  }

  private boolean carriesBetween(int from, int to, int p) {
    return first(from) != first(to) && carrier(from, to, p) == from;
  }

  /** For how many ranks below {@code bound} a rank collects. */
  private int carried(int carrier, int bound, int p) {
    int count = 0;
    for (int to = 0; to < bound; to++) {
      count += carrier(carrier, to, p) == carrier ? 1 : 0;
    }
    return count;
  }

  private void sendInside(Rank rank, Blocks in) {
    int p = rank.size();
    int me = rank.rank();
    int each = in.data().elementsPerInt();
    Elements messages = rank.scratch(INSIDE, in.data(), Math.addExact(in.total(), p * each));
    int at = 0;
    for (int carrier = next(me, p); carrier != me; carrier = next(carrier, p)) {
      int start = at;
      at += carried(carrier, p, p) * each;
      int head = start;
      for (int to = 0; to < p; to++) {
        if (carrier(me, to, p) == carrier) {
          messages.setInt(head, in.length(to));
          messages.copy(at, in.data(), in.at(to), in.length(to));
          head += each;
          at += in.length(to);
        }
      }
      rank.post(carrier, messages, start, at - start, INSIDE);
    }
  }

  /** The rank behind this one in its node, where the first follows the last. */
  private int next(int rank, int p) {
    return rank + 1 < end(rank, p) ? rank + 1 : first(rank);
  }

  private void sendBetween(Rank rank, Blocks in) {
    int p = rank.size();
    int me = rank.rank();
    Elements messages = rank.scratch(BETWEEN, in.data(), lengthBetween(rank, in));
    int at = 0;
    for (int i = 1; i < p; i++) {
      int to = (me + i) % p;
      if (carriesBetween(me, to, p)) {
        int length = packBetween(rank, in, to, messages, at);
        rank.post(to, messages, at, length, BETWEEN);
        at += length;
      }
    }
  }

  /** Not less than all that is sent between nodes: what came from inside, and what is my own. */
  private int lengthBetween(Rank rank, Blocks in) {
    int p = rank.size();
    int me = rank.rank();
    int length = Math.addExact(in.total(), p * in.data().elementsPerInt());
    for (int from = next(me, p); from != me; from = next(from, p)) {
      length = Math.addExact(length, rank.take(from, INSIDE).length());
    }
    return length;
  }

  /** Packs a block from each rank of the node; returns the length of the message. */
  private int packBetween(Rank rank, Blocks in, int to, Elements messages, int start) {
    int p = rank.size();
    int me = rank.rank();
    int each = messages.elementsPerInt();
    int blocks = carried(me, p, p);
    int block = carried(me, to, p);
    int head = start;
    int at = start + (end(me, p) - first(me)) * each;
    for (int from = first(me); from < end(me, p); from++) {
      int length;
      if (from == me) {
        length = in.length(to);
        messages.copy(at, in.data(), in.at(to), length);
      } else {
        Channel message = rank.take(from, INSIDE); // not given back yet: the same again
        length = length(message, block);
        messages.copy(at, message.data(), at(message, block, blocks), length);
      }
      messages.setInt(head, length);
      head += each;
      at += length;
    }
    return at - start;
  }

  private void receiveInside(Rank rank, Blocks out) {
    int p = rank.size();
    int me = rank.rank();
    int blocks = carried(me, p, p);
    int block = carried(me, me, p);
    for (int from = next(me, p); from != me; from = next(from, p)) {
      Channel message = rank.take(from, INSIDE);
      store(rank, out, from, message, block, blocks);
      message.giveBack();
    }
  }

  private void receiveBetween(Rank rank, Blocks out) {
    int p = rank.size();
    int me = rank.rank();
    for (int i = p - 1; i > 0; i--) {
      int from = (me + i) % p;
      if (carriesBetween(from, me, p)) {
        int blocks = end(from, p) - first(from);
        Channel message = rank.take(from, BETWEEN);
        for (int block = 0; block < blocks; block++) {
          store(rank, out, first(from) + block, message, block, blocks);
        }
        message.giveBack();
      }
    }
  }

  private void awaitReturns(Rank rank) {
    int p = rank.size();
    int me = rank.rank();
    for (int to = 0; to < p; to++) {
      boolean inside = first(to) == first(me) && to != me;
      if (inside || carriesBetween(me, to, p)) {
        rank.awaitReturn(to, BETWEEN);
      }
    }
  }

  /** Stores a block of a message, which rank {@code from} had for this rank. */
  private static void store(
      Rank rank, Blocks out, int from, Channel message, int block, int blocks) {
    out.store(rank, from, message.data(), at(message, block, blocks), length(message, block));
  }

  private static int length(Channel message, int block) {
    return message.data().getInt(message.offset() + block * message.data().elementsPerInt());
  }

  /** First element of a block. */
  private static int at(Channel message, int block, int blocks) {
    int at = message.offset() + blocks * message.data().elementsPerInt();
    for (int before = 0; before < block; before++) {
      at += length(message, before);
    }
    return at;
  }

  @Override
  public Traffic traffic(int[][] lengths) {
    int p = lengths.length;
    int steps = (Math.min(groupSize, p) > 1 ? 1 : 0) + (groupSize < p ? 1 : 0);
    return BlockTraffic.of(
        lengths, steps, rank -> sent(lengths, rank), (from, to) -> passes(from, to, p));
  }

  private int passes(int from, int to, int p) {
    if (from == to) {
      return 2;
    }
    return first(from) == first(to) || carrier(from, to, p) == from ? 4 : 6;
  }

  /** What a rank has for others to carry, and what it carries between nodes. */
  private long sent(int[][] lengths, int rank) {
    int p = lengths.length;
    long sent = 0;
    for (int to = 0; to < p; to++) {
      if (carrier(rank, to, p) != rank) {
        sent += 1 + lengths[rank][to];
      } else if (first(rank) != first(to)) {
        for (int from = first(rank); from < end(rank, p); from++) {
          sent += 1 + lengths[from][to];
        }
      }
    }
    return sent;
  }
}
