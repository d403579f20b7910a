package dev.shardmark.parallel.expert;

import dev.shardmark.kernels.Matrix;
import dev.shardmark.kernels.gemm.Op;
import dev.shardmark.kernels.gemm.PackedMatrix;
import dev.shardmark.kernels.moe.Routing;
import dev.shardmark.parallel.Meter;

/** Assignments that are wrong in one way. */
final class WrongAssignments {
  private WrongAssignments() {}

  /** Of equal experts the later comes first: as if experts were numbered from the end. */
  static final class LaterOfTies implements Assignment {
    private final Assignment reversed;
    private final int experts;

    LaterOfTies(MoeCase moe, ExpertWeights weights, Meter meter) {
      experts = moe.spec().experts();
      Matrix router = weights.router().unpacked();
      Matrix other = Matrix.zeros(router.rows(), experts);
      for (int i = 0; i < router.rows(); i++) {
        for (int e = 0; e < experts; e++) {
          other.data()[other.offset() + i * experts + e] = router.at(i, experts - 1 - e);
        }
      }
      PackedMatrix packed = PackedMatrix.of(Op.PLAIN, other);
      reversed = new TopKAssignment(moe.spec(), packed, moe.variant(), meter);
    }

    @Override
    public Routing assign(Matrix normed) {
      Routing routing = reversed.assign(normed);
      for (int at = 0; at < routing.choices(); at++) {
        routing.expert()[at] = experts - 1 - routing.expert()[at];
      }
      return routing;
    }
  }
}
