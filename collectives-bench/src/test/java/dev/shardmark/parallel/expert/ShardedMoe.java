package dev.shardmark.parallel.expert;

import dev.shardmark.collectives.Communicator;
import dev.shardmark.collectives.Rank;
import dev.shardmark.kernels.Expected;
import dev.shardmark.kernels.Matrix;
import dev.shardmark.kernels.moe.Routing;
import dev.shardmark.parallel.Axis;
import dev.shardmark.parallel.Meter;
import dev.shardmark.parallel.Metered;
import dev.shardmark.parallel.Sublayer;

/**
 * A case over the ranks of one expert group, each with a part of the tokens.
 *
 * @param way how rows travel
 * @param chooser who chooses
 */
record ShardedMoe(MoeCase moe, ExpertPlacement placement, Way way, Chooser chooser)
    implements ExpertCheck.Builder {
  /** Makes the assignment of a rank. */
  interface Chooser {
    Assignment of(ExpertWeights weights, Meter meter);
  }

  /** Makes the dispatch of a rank. */
  interface Way {
    Dispatch of(Communicator group, ExpertPlacement placement, int hidden, Meter meter);
  }

  /** What a rank sends, by formula. */
  interface Bytes {
    long of(RoutedRows routed, int rank, int hidden);
  }

  static ShardedMoe flat(MoeCase moe, ExpertPlacement placement) {
    return new ShardedMoe(moe, placement, FlatDispatch::new, moe::topK);
  }

  ShardedMoe by(Way other) {
    return new ShardedMoe(moe, placement, other, chooser);
  }

  ShardedMoe by(Chooser other) {
    return new ShardedMoe(moe, placement, way, other);
  }

  /** Of tokens that choose. */
  ExpertCheck check(Routing all, Bytes bytes) {
    Expected bounded = new ReferenceMoe(moe.spec(), moe.whole(), moe.x()).topK(1);
    return check(all, bounded, bytes);
  }

  /** Of any routing of all tokens. */
  ExpertCheck checkRouted(Routing all, Bytes bytes) {
    Expected bounded = new ReferenceMoe(moe.spec(), moe.whole(), moe.x()).routed(all, 1);
    return check(all, bounded, bytes);
  }

  private ExpertCheck check(Routing all, Expected bounded, Bytes bytes) {
    Matrix bits = moe.unsharded(all);
    RoutedRows routed = RoutedRows.of(placement, moe.parts(all));
    int hidden = moe.spec().hidden();
    return new ExpertCheck(
        moe, rank -> rank, bits, bounded, rank -> bytes.of(routed, rank, hidden));
  }

  @Override
  public Sublayer of(Rank world, Meter meter) {
    return of(world, moe.weights(placement, world.rank()), meter);
  }

  /** The sublayer of a rank with these weights. */
  Sublayer of(Rank world, ExpertWeights weights, Meter meter) {
    Communicator group = new Metered(world, Axis.EXPERT, meter);
    return new ExpertSublayer(
        weights,
        chooser.of(weights, meter),
        way.of(group, placement, moe.spec().hidden(), meter),
        moe.variant(),
        meter);
  }
}
