package dev.shardmark.collectives.reducescatter;

import dev.shardmark.collectives.Chunks;
import dev.shardmark.collectives.Elements;
import dev.shardmark.collectives.Fold;
import dev.shardmark.collectives.Rank;
import dev.shardmark.collectives.ReduceOp;
import dev.shardmark.collectives.Traffic;

/**
 * Reduce-scatter by recursive halving: two halves of the ranks exchange the halves of the vector
 * that they will not need, and each goes on alone. Ranks beyond a power of two {@link Fold}.
 *
 * <p><b>Cost</b> log2 p steps, or floor(log2 p) + 2; rank r sends S less its own chunk, and S if it
 * rests. Memory traffic (3 p - 1) S: p - 1 combinations load two and store one, and the result is
 * copied out.
 *
 * <p><b>Order</b> every element as a balanced tree: actors half of them apart, then a quarter, and
 * so on down to neighbours; first of all the two ranks of one actor.
 *
 * <p><b>Source</b> R. Thakur, R. Rabenseifner and W. Gropp, Optimization of collective
 * communication operations in MPICH, International Journal of High Performance Computing
 * Applications 19(1), 2005.
 */
public final class RecursiveHalvingReduceScatter implements ReduceScatter {
  @Override
  public String parameter() {
    return "recursive_halving";
  }

  @Override
  public void run(
      Rank rank, Elements in, int inAt, Elements out, int outAt, int length, ReduceOp op) {
    int p = rank.size();
    int me = rank.rank();
    int mine = Chunks.length(length, me, p);
    int last = Fold.steps(p) - 1;
    if (Fold.rests(me, p)) {
      rank.post(me + 1, in, inAt, length, 0);
      rank.awaitReturn(me + 1, 0);
      rank.takeInto(me + 1, out, outAt, mine, last);
      return;
    }
    Elements acc = rank.scratch(0, in, length);
    if (Fold.actsForTwo(me, p)) {
      rank.takeCombining(op, me - 1, acc, 0, in, inAt, length, 0);
      halve(rank, acc, 0, acc, length, op);
      int theirs = Chunks.length(length, me - 1, p);
      rank.post(me - 1, acc, Chunks.start(length, me - 1, p), theirs, last);
    } else {
      halve(rank, in, inAt, acc, length, op);
    }
    out.copy(outAt, acc, Chunks.start(length, me, p), mine);
    for (int half = Fold.actors(p) / 2; half > 0; half /= 2) {
      rank.awaitReturn(Fold.rank(Fold.actor(me, p) ^ half, p), last);
    }
    if (Fold.actsForTwo(me, p)) {
      rank.awaitReturn(me - 1, last);
    }
  }

  /** Leaves the actor's chunks of x, combined with those of all other actors, in {@code acc}. */
  private static void halve(Rank rank, Elements x, int xAt, Elements acc, int length, ReduceOp op) {
    int p = rank.size();
    int actor = Fold.actor(rank.rank(), p);
    int step = Fold.firstStep(p);
    Elements from = x;
    int fromAt = xAt;
    for (int half = Fold.actors(p) / 2; half > 0; half /= 2, step++) {
      int kept = actor & -half; // the first of half actors
      int sent = kept ^ half;
      int peer = Fold.rank(actor ^ half, p);
      int keptAt = Fold.start(length, kept, p);
      int sentAt = Fold.start(length, sent, p);
      int sentLength = Fold.start(length, sent + half, p) - sentAt;
      int keptLength = Fold.start(length, kept + half, p) - keptAt;
      rank.post(peer, from, fromAt + sentAt, sentLength, step);
      rank.takeCombining(op, peer, acc, keptAt, from, fromAt + keptAt, keptLength, step);
      from = acc;
      fromAt = 0;
    }
  }

  @Override
  public long combined(int ranks, int length) {
    boolean folds = Fold.actors(ranks) < ranks;
    return (folds ? length : 0L) + length - length / Fold.actors(ranks);
  }

  @Override
  public Traffic traffic(int ranks, int length) {
    return Traffic.ofElements(
        ranks,
        length,
        Fold.steps(ranks),
        rank -> Fold.rests(rank, ranks) ? length : length - Chunks.length(length, rank, ranks),
        (3L * ranks - 1) * length,
        ReduceScatter.busFactor(ranks));
  }
}
