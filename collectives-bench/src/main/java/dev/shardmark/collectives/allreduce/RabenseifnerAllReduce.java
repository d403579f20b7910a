package dev.shardmark.collectives.allreduce;

import dev.shardmark.collectives.Chunks;
import dev.shardmark.collectives.Elements;
import dev.shardmark.collectives.Rank;
import dev.shardmark.collectives.ReduceOp;

/**
 * Rabenseifner's all-reduce: a reduce-scatter by recursive halving, then an all-gather by recursive
 * doubling.
 *
 * <p>In step k, ranks that differ in bit k halve the range of chunks they share: each sends the
 * half it gives up and combines the half it keeps. Then the steps are taken back in reverse, and
 * each sends all it has. So the longest messages go to the nearest ranks.
 *
 * <p><b>Cost</b> with p a power of two: 2 lg p steps; a rank sends its range before each halving
 * once in all, 2 S (p - 1) / p bytes when p divides n. Memory traffic 5 (p - 1) S. Other p: {@link
 * FoldedAllReduce}.
 *
 * <p><b>Order</b> that of {@link RecursiveDoublingAllReduce}, bit for bit; each chunk is combined
 * by one rank, then copied.
 *
 * <p><b>Source</b> R. Rabenseifner, Optimization of collective reduction operations, ICCS 2004,
 * LNCS 3036.
 */
public final class RabenseifnerAllReduce extends FoldedAllReduce {
  @Override
  public String parameter() {
    return "rabenseifner";
  }

  @Override
  void runMember(
      Rank rank, int member, Elements buffer, int offset, int length, ReduceOp op, int firstStep) {
    int p = rank.size();
    int members = members(p);
    int first = 0; // of my range of chunks
    int chunks = members; // in my range
    int step = firstStep;
    for (int bit = 1; bit < members; bit *= 2, step++) {
      chunks /= 2;
      boolean keepsUpper = (member & bit) != 0;
      int given = keepsUpper ? first : first + chunks;
      first = keepsUpper ? first + chunks : first;
      int peer = rankOf(p, member ^ bit);
      int givenAt = Chunks.start(length, given, members);
      int keptAt = Chunks.start(length, first, members);
      int keptEnd = Chunks.start(length, first + chunks, members);
      int givenEnd = Chunks.start(length, given + chunks, members);
      rank.post(peer, buffer, offset + givenAt, givenEnd - givenAt, step);
      rank.takeCombining(op, peer, buffer, offset + keptAt, keptEnd - keptAt, step);
    }
    for (int bit = members / 2; bit > 0; bit /= 2, step++) {
      boolean hasUpper = (member & bit) != 0;
      int theirs = hasUpper ? first - chunks : first + chunks;
      int peer = rankOf(p, member ^ bit);
      int mineAt = Chunks.start(length, first, members);
      int mineEnd = Chunks.start(length, first + chunks, members);
      int theirsAt = Chunks.start(length, theirs, members);
      int theirsEnd = Chunks.start(length, theirs + chunks, members);
      rank.post(peer, buffer, offset + mineAt, mineEnd - mineAt, step); // what I gave is back
      rank.takeInto(peer, buffer, offset + theirsAt, theirsEnd - theirsAt, step);
      first = Math.min(first, theirs);
      chunks *= 2;
    }
    for (int bit = 1; bit < members; bit *= 2) {
      rank.awaitReturn(rankOf(p, member ^ bit), step - 1);
    }
  }

  @Override
  int memberSteps(int members) {
    return 2 * Integer.numberOfTrailingZeros(members);
  }

  /** In each step there it gives one half of its range away; in the one back it sends the other. */
  @Override
  long memberSent(int members, int member, int length) {
    long sent = 0;
    int first = 0;
    int chunks = members;
    for (int bit = 1; bit < members; bit *= 2) {
      sent += Chunks.start(length, first + chunks, members) - Chunks.start(length, first, members);
      chunks /= 2;
      first += (member & bit) != 0 ? chunks : 0;
    }
    return sent;
  }

  @Override
  long memberCombined(int members, int length) {
    return length - length / members; // all but its own chunk
  }

  @Override
  long membersMemory(int members, int length) {
    return 5L * (members - 1) * length;
  }
}
