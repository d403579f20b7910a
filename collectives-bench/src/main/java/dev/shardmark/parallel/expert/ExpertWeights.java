package dev.shardmark.parallel.expert;

import dev.shardmark.kernels.gemm.Op;
import dev.shardmark.kernels.gemm.PackedMatrix;
import dev.shardmark.model.Linear;
import dev.shardmark.parallel.LayerSpec;
import dev.shardmark.parallel.LayerWeightSource;
import java.util.ArrayList;
import java.util.List;

/**
 * What a rank holds of the MLP of a layer with experts. Matrices are packed k x n; gate and up lie
 * side by side.
 *
 * @param placement of all experts
 * @param rank among those of the placement
 * @param router whole
 * @param gateUp of this rank's experts, by slot
 * @param down of this rank's experts, by slot
 * @param sharedGateUp null without a shared expert
 * @param sharedDown null without a shared expert
 */
public record ExpertWeights(
    ExpertPlacement placement,
    int rank,
    PackedMatrix router,
    List<PackedMatrix> gateUp,
    List<PackedMatrix> down,
    PackedMatrix sharedGateUp,
    PackedMatrix sharedDown) {
  public ExpertWeights {
    gateUp = List.copyOf(gateUp);
    down = List.copyOf(down);
  }

  /**
   * Whole experts: those the rank holds, and the shared one.
   *
   * @throws IllegalArgumentException if the placement has another number of experts
   */
  public static ExpertWeights of(
      LayerSpec spec, LayerWeightSource source, ExpertPlacement placement, int rank) {
    if (placement.experts() != spec.experts()) {
      throw new IllegalArgumentException(
          "a placement must have the experts of the layer: placement="
              + placement.experts()
              + " experts="
              + spec.experts());
    }
    return of(spec, source, placement, rank, 1, 0);
  }

  /**
   * Columns {@code width * shard / shards} on of every expert's gate and up and the same rows of
   * its down, so that what comes out is one of as many partial sums.
   *
   * @throws IllegalArgumentException if the tensor degree does not divide the widths
   */
  public static ExpertWeights columns(
      LayerSpec spec, LayerWeightSource source, int shards, int shard) {
    if (shards < 1 || spec.width() % shards != 0 || spec.sharedWidth() % shards != 0) {
      throw new IllegalArgumentException(
          "tensor degree must divide the widths of experts: tensor="
              + shards
              + " width="
              + spec.width()
              + " sharedWidth="
              + spec.sharedWidth());
    }
    ExpertPlacement all = ExpertPlacement.contiguous(spec.experts(), 1);
    return of(spec, source, all, 0, shards, shard);
  }

  private static ExpertWeights of(
      LayerSpec spec,
      LayerWeightSource source,
      ExpertPlacement placement,
      int rank,
      int shards,
      int shard) {
    Cut cut = new Cut(source, spec.hidden(), shards, shard);
    List<PackedMatrix> gateUp = new ArrayList<>();
    List<PackedMatrix> down = new ArrayList<>();
    for (int e : placement.held(rank)) {
      gateUp.add(cut.gateUp(Linear.EXPERT_GATE_UP, e, spec.width()));
      down.add(cut.down(Linear.EXPERT_DOWN, e, spec.width()));
    }
    boolean shared = spec.sharedWidth() > 0;
    return new ExpertWeights(
        placement,
        rank,
        PackedMatrix.of(Op.PLAIN, source.whole(Linear.ROUTER, 0, spec.hidden(), spec.experts())),
        gateUp,
        down,
        shared ? cut.gateUp(Linear.SHARED_GATE_UP, 0, spec.sharedWidth()) : null,
        shared ? cut.down(Linear.SHARED_DOWN, 0, spec.sharedWidth()) : null);
  }

  /** One of equal parts of the width of MLPs. */
  private record Cut(LayerWeightSource source, int hidden, int shards, int shard) {
    PackedMatrix gateUp(Linear linear, int expert, int width) {
      int part = width / shards;
      int first = shard * part;
      return PackedMatrix.of(
          Op.PLAIN,
          source.part(
              linear, expert, hidden, 2 * width, 0, hidden, first, part, width + first, part));
    }

    PackedMatrix down(Linear linear, int expert, int width) {
      int part = width / shards;
      return PackedMatrix.of(
          Op.PLAIN, source.part(linear, expert, width, hidden, shard * part, part, 0, hidden));
    }
  }
}
