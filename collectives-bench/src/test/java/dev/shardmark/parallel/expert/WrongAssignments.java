package dev.shardmark.parallel.expert;

import dev.shardmark.kernels.Matrix;
import dev.shardmark.kernels.gemm.Op;
import dev.shardmark.kernels.gemm.PackedMatrix;
import dev.shardmark.kernels.moe.Routing;
import dev.shardmark.parallel.Meter;

/** Assignments that are wrong in one way. */
final class WrongAssignments {
  private WrongAssignments() {}

  /** Choices of a token in the order of experts. */
  record ByExpert(Assignment assignment) implements Assignment {
    @Override
    public Routing assign(Matrix normed) {
      Routing routing = assignment.assign(normed);
      for (int first = 0; first < routing.choices(); first += routing.topK()) {
        for (int at = first + 1; at < first + routing.topK(); at++) {
          for (int i = at; i > first && routing.expert()[i - 1] > routing.expert()[i]; i--) {
            swap(routing, i);
          }
        }
      }
      return routing;
    }

    private static void swap(Routing routing, int at) {
      int expert = routing.expert()[at];
      routing.expert()[at] = routing.expert()[at - 1];
      routing.expert()[at - 1] = expert;
      float weight = routing.weight()[at];
      routing.weight()[at] = routing.weight()[at - 1];
      routing.weight()[at - 1] = weight;
    }
  }

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
