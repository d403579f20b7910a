package dev.shardmark.collectives.allgather;

import dev.shardmark.collectives.Chunks;
import dev.shardmark.collectives.Elements;
import dev.shardmark.collectives.Fold;
import dev.shardmark.collectives.Rank;
import dev.shardmark.collectives.Traffic;

/**
 * All-gather by recursive doubling: neighbours exchange their chunks, then pairs of ranks exchange
 * two, and so on. Ranks beyond a power of two {@link Fold}.
 *
 * <p><b>Cost</b> log2 p steps, or floor(log2 p) + 2; a rank sends 1, 2, 4, ... chunks, S (p - 1) /
 * p bytes when p is a power of two that divides n. One that rests sends its chunk, and who acts for
 * it S more. Memory traffic 2 p S: every rank loads and stores every chunk, its own included.
 *
 * <p><b>Order</b> nothing is combined.
 *
 * <p><b>Source</b> R. Thakur, R. Rabenseifner and W. Gropp, Optimization of collective
 * communication operations in MPICH, International Journal of High Performance Computing
 * Applications 19(1), 2005.
 */
public final class RecursiveDoublingAllGather implements AllGather {
  @Override
  public String parameter() {
    return "recursive_doubling";
  }

  @Override
  public void run(Rank rank, Elements in, int inAt, Elements out, int outAt, int length) {
    int p = rank.size();
    int me = rank.rank();
    int mine = Chunks.length(length, me, p);
    int last = Fold.steps(p) - 1;
    if (Fold.rests(me, p)) {
      rank.post(me + 1, in, inAt, mine, 0);
      rank.awaitReturn(me + 1, 0);
      rank.takeInto(me + 1, out, outAt, length, last);
      return;
    }
    out.copy(outAt + Chunks.start(length, me, p), in, inAt, mine);
    if (Fold.actsForTwo(me, p)) {
      int theirs = outAt + Chunks.start(length, me - 1, p);
      rank.takeInto(me - 1, out, theirs, Chunks.length(length, me - 1, p), 0);
      exchange(rank, out, outAt, length);
      rank.post(me - 1, out, outAt, length, last);
      rank.awaitReturn(me - 1, last);
    } else {
      exchange(rank, out, outAt, length);
    }
    for (int held = 1; held < Fold.actors(p); held *= 2) {
      rank.awaitReturn(Fold.rank(Fold.actor(me, p) ^ held, p), last);
    }
  }

  /** Gathers the chunks of all actors, of which each holds its own. */
  private static void exchange(Rank rank, Elements out, int outAt, int length) {
    int p = rank.size();
    int actor = Fold.actor(rank.rank(), p);
    int step = Fold.firstStep(p);
    for (int held = 1; held < Fold.actors(p); held *= 2, step++) {
      int sent = actor & -held; // the first of as many actors as this one holds chunks of
      int taken = sent ^ held;
      int peer = Fold.rank(actor ^ held, p);
      rank.post(peer, out, outAt + Fold.start(length, sent, p), held(length, sent, held, p), step);
      rank.takeInto(
          peer, out, outAt + Fold.start(length, taken, p), held(length, taken, held, p), step);
    }
  }

  /** Elements of the chunks of consecutive actors. */
  private static int held(int length, int first, int actors, int ranks) {
    return Fold.start(length, first + actors, ranks) - Fold.start(length, first, ranks);
  }

  @Override
  public Traffic traffic(int ranks, int length) {
    return Traffic.ofElements(
        ranks,
        length,
        Fold.steps(ranks),
        rank -> sent(ranks, rank, length),
        2L * ranks * length,
        AllGather.busFactor(ranks));
  }

  private static long sent(int ranks, int rank, int length) {
    if (Fold.rests(rank, ranks)) {
      return Chunks.length(length, rank, ranks);
    }
    long sent = Fold.actsForTwo(rank, ranks) ? length : 0;
    for (int held = 1; held < Fold.actors(ranks); held *= 2) {
      sent += held(length, Fold.actor(rank, ranks) & -held, held, ranks);
    }
    return sent;
  }
}
