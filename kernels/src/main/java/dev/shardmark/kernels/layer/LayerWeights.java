package dev.shardmark.kernels.layer;

import dev.shardmark.kernels.Matrix;
import dev.shardmark.kernels.gemm.Op;
import dev.shardmark.kernels.gemm.PackedMatrix;
import java.util.ArrayList;
import java.util.List;

/**
 * The weights of a layer. Matrices are packed k x n; norms are (1, n). An MLP is the only one of
 * its lists, and has no router.
 *
 * @param queryNorm null without norms of heads
 * @param keyNorm null without norms of heads
 * @param router null without experts
 * @param gateUp gate and up side by side, for each expert
 * @param down for each expert
 */
public record LayerWeights(
    Matrix inputNorm,
    PackedMatrix qkv,
    Matrix queryNorm,
    Matrix keyNorm,
    PackedMatrix o,
    Matrix mlpNorm,
    PackedMatrix router,
    List<PackedMatrix> gateUp,
    List<PackedMatrix> down) {
  /** Where values come from: a new matrix for each call. */
  public interface Source {
    /** A matrix of k inputs and n outputs; k = 1 for the weights of a norm. */
    Matrix matrix(int k, int n);
  }

  public LayerWeights {
    gateUp = List.copyOf(gateUp);
    down = List.copyOf(down);
  }

  /** Weights of a shape. */
  public static LayerWeights of(LayerShape s, Source source) {
    List<PackedMatrix> gateUp = new ArrayList<>();
    List<PackedMatrix> down = new ArrayList<>();
    for (int e = 0; e < Math.max(1, s.experts()); e++) {
      gateUp.add(packed(source, s.hidden(), 2 * s.width()));
      down.add(packed(source, s.width(), s.hidden()));
    }
    return new LayerWeights(
        source.matrix(1, s.hidden()),
        packed(source, s.hidden(), s.qkvWidth()),
        s.headNorm() ? source.matrix(1, s.headDim()) : null,
        s.headNorm() ? source.matrix(1, s.headDim()) : null,
        packed(source, s.heads() * s.headDim(), s.hidden()),
        source.matrix(1, s.hidden()),
        s.experts() > 0 ? packed(source, s.hidden(), s.experts()) : null,
        gateUp,
        down);
  }

  private static PackedMatrix packed(Source source, int k, int n) {
    return PackedMatrix.of(Op.PLAIN, source.matrix(k, n));
  }
}
