package dev.shardmark.parallel.tensor;

import dev.shardmark.kernels.Matrix;
import dev.shardmark.kernels.Work;
import dev.shardmark.kernels.activation.ResidualAdd;
import dev.shardmark.kernels.layer.LayerOperation;
import dev.shardmark.kernels.layer.LayerShape;
import dev.shardmark.kernels.norm.RmsNorm;
import dev.shardmark.model.Linear;
import dev.shardmark.model.ShardPlan;
import dev.shardmark.parallel.LayerSpec;
import dev.shardmark.parallel.LayerWeightSource;
import dev.shardmark.parallel.SplitReport;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * Which heads and which columns of a layer one of t tensor ranks has.
 *
 * <p>Query heads divide evenly and in order; with them go the key and value heads that they share:
 * k / t of them, or one that t / k ranks in a row hold alike. Query head i shares key head i k / a,
 * rounded down. MLPs divide by their width, gate and up each; routed experts stay whole here.
 *
 * @param ranks t
 * @throws IllegalArgumentException naming the numbers, if heads or widths do not divide
 * @throws IndexOutOfBoundsException if there is no such rank
 */
public record TensorShard(LayerSpec spec, int ranks, int rank) {
  public TensorShard {
    ShardPlan.UNSHARDED.withTensor(ranks); // refuses what is no degree
    Objects.checkIndex(rank, ranks);
    spec.attention().shard(ranks);
    spec.feedForward().shard(ranks, true);
  }

  /** All of a layer. */
  public static TensorShard whole(LayerSpec spec) {
    return new TensorShard(spec, 1, 0);
  }

  /** Query heads of this rank. */
  public int heads() {
    return spec.heads() / ranks;
  }

  /** The first of them. */
  public int firstHead() {
    return rank * heads();
  }

  /** Key and value heads of this rank. */
  public int kvHeads() {
    return Math.max(1, spec.kvHeads() / ranks);
  }

  /** The first of them. */
  public int firstKvHead() {
    return rank * spec.kvHeads() / ranks;
  }

  /** Columns of queries, keys and values of this rank, side by side. */
  public int qkvWidth() {
    return (heads() + 2 * kvHeads()) * spec.headDim();
  }

  /** Columns of this rank's queries, keys and values, (h, {@link #qkvWidth}). */
  public Matrix qkv(LayerWeightSource weights) {
    int d = spec.headDim();
    int firstKey = spec.heads() + firstKvHead();
    int firstValue = firstKey + spec.kvHeads();
    int kv = kvHeads() * d;
    int[] columns = {firstHead() * d, heads() * d, firstKey * d, kv, firstValue * d, kv};
    return weights.part(Linear.QKV, 0, spec.hidden(), spec.qkvWidth(), 0, spec.hidden(), columns);
  }

  /** Rows of the output projection for this rank's heads, (heads d, h). */
  public Matrix o(LayerWeightSource weights) {
    int d = spec.headDim();
    return rows(weights, Linear.O, spec.heads() * d, firstHead() * d, heads() * d);
  }

  /** This rank's gates beside its ups, of the MLP or the shared expert: (h, 2 width / t). */
  public Matrix gateUp(LayerWeightSource weights, Linear linear) {
    int f = fullWidth(linear);
    int width = f / ranks;
    int[] columns = {rank * width, width, f + rank * width, width};
    return weights.part(linear, 0, spec.hidden(), 2 * f, 0, spec.hidden(), columns);
  }

  /** The rows of down for these, (width / t, h). */
  public Matrix down(LayerWeightSource weights, Linear linear) {
    int f = fullWidth(linear);
    return rows(weights, linear, f, rank * (f / ranks), f / ranks);
  }

  private Matrix rows(LayerWeightSource weights, Linear linear, int k, int first, int count) {
    return weights.part(linear, 0, k, spec.hidden(), first, count, 0, spec.hidden());
  }

  private int fullWidth(Linear linear) {
    return switch (linear) {
      case GATE_UP, DOWN -> spec.width();
      case SHARED_GATE_UP, SHARED_DOWN -> spec.sharedWidth();
      default ->
          throw new IllegalArgumentException(
              "a linear must be one that every token meets in an MLP: linear="
                  + linear.parameter());
    };
  }

  /** Weights this rank holds, norms included, and routed experts whole. */
  public long weights() {
    return spec.weights(spec.attention().shard(ranks), spec.feedForward().shard(ranks, true));
  }

  /**
   * Those of them that another rank holds as well: norms, and where there are more ranks than key
   * heads, a key and a value head. Of a layer without routed experts.
   */
  public long duplicated() {
    if (ranks == 1) {
      return 0;
    }
    long norms = 2L * spec.hidden() + spec.attention().vectorWeights(spec.hidden());
    return norms + (ranks > spec.kvHeads() ? 2L * spec.hidden() * spec.headDim() : 0);
  }

  /** Weights of the layer that one rank alone holds; of a layer without routed experts. */
  public long split() {
    return ranks * (weights() - duplicated());
  }

  /** The answers of this rank for a layer without routed experts. */
  public SplitReport report(List<SplitReport.Said> said) {
    return SplitReport.unpipelined(spec.weights(), split(), weights(), duplicated(), said);
  }

  /**
   * The work of this rank in a step of a layer without experts. Linears and attention divide by t;
   * norms and residual do not, but are those of the tokens that this rank keeps.
   *
   * @param step dimensions of the whole layer, and of the step
   * @param kept tokens this rank keeps between linears
   */
  public Map<LayerOperation, Work> work(LayerShape step, int kept) {
    LayerShape mine =
        new LayerShape(
            step.sequences(),
            step.tokens(),
            step.context(),
            spec.hidden(),
            heads(),
            kvHeads(),
            spec.headDim(),
            spec.headNorm(),
            spec.width() / ranks,
            0,
            0);
    Map<LayerOperation, Work> work = mine.work();
    work.put(LayerOperation.INPUT_NORM, RmsNorm.work(kept, spec.hidden()));
    work.put(LayerOperation.MLP_NORM, RmsNorm.workWithResidual(kept, spec.hidden()));
    work.put(LayerOperation.RESIDUAL, ResidualAdd.work(kept, spec.hidden()));
    return work;
  }
}
