package dev.shardmark.parallel.grid;

import dev.shardmark.kernels.Kernels;
import dev.shardmark.kernels.Variant;
import dev.shardmark.model.Linear;
import dev.shardmark.model.ShardPlan;
import dev.shardmark.parallel.AttentionCore;
import dev.shardmark.parallel.Grid;
import dev.shardmark.parallel.GridCommunicators;
import dev.shardmark.parallel.LayerSpec;
import dev.shardmark.parallel.LayerWeightSource;
import dev.shardmark.parallel.Meter;
import dev.shardmark.parallel.PromptCore;
import dev.shardmark.parallel.ShardedLayer;
import dev.shardmark.parallel.Sublayer;
import dev.shardmark.parallel.TokenExchange;
import dev.shardmark.parallel.Tokens;
import dev.shardmark.parallel.context.AttentionShape;
import dev.shardmark.parallel.context.Placement;
import dev.shardmark.parallel.context.RingCore;
import dev.shardmark.parallel.expert.Dispatch;
import dev.shardmark.parallel.expert.DuplicateDropping;
import dev.shardmark.parallel.expert.ExpertPlacement;
import dev.shardmark.parallel.expert.ExpertSublayer;
import dev.shardmark.parallel.expert.ExpertWeights;
import dev.shardmark.parallel.expert.FlatDispatch;
import dev.shardmark.parallel.expert.LocalDispatch;
import dev.shardmark.parallel.expert.SplitExperts;
import dev.shardmark.parallel.expert.TopKAssignment;
import dev.shardmark.parallel.sequence.ScatterExchange;
import dev.shardmark.parallel.tensor.AllReduceExchange;
import dev.shardmark.parallel.tensor.Alone;
import dev.shardmark.parallel.tensor.AttentionSublayer;
import dev.shardmark.parallel.tensor.AttentionWeights;
import dev.shardmark.parallel.tensor.MlpSublayer;
import dev.shardmark.parallel.tensor.TensorShard;
import java.util.Arrays;
import java.util.Collections;
import java.util.stream.IntStream;

/**
 * Equal layers over whole prompts of equal length, and what each rank of a grid has of them.
 *
 * <p><b>Split</b> layers go to stages and sequences to replicas, in runs; the tokens of a sequence
 * to context ranks by a {@link Placement}, heads and widths to tensor ranks. These keep the same
 * tokens, or each its run of them where the plan splits the sequence. Of experts, a degree of 1
 * splits every one by its columns; a greater one deals them whole over the ranks of a stage, where
 * tensor ranks that keep the same tokens send each of them once. The shared expert is split by its
 * columns in both.
 *
 * <p><b>Cost</b> {@link GridTraffic}.
 *
 * @param layers of all stages
 * @param tokens of each sequence
 * @throws IllegalArgumentException naming the numbers, if a degree does not divide what it splits
 */
public record GridLayers(
    LayerSpec spec, int layers, int sequences, int tokens, Placement placement, Grid grid) {
  public GridLayers {
    ShardPlan plan = grid.plan();
    requireDivides("pipeline", plan.pipeline(), "layers", layers);
    requireDivides("data", plan.data(), "sequences", sequences);
    new TensorShard(spec, plan.tensor(), 0); // refuses heads and widths that do not divide
    if (plan.expert() > 1 && spec.experts() == 0) {
      throw new IllegalArgumentException(
          "expert degree must be 1 for a layer without experts: expert=" + plan.expert());
    }
    if (plan.expert() > 1) {
      ExpertPlacement.contiguous(spec.experts(), plan.expert()); // refuses more ranks than experts
    } else {
      spec.feedForward().shard(plan.tensor(), false); // refuses widths of experts
    }
    for (int part = 0; part < plan.context(); part++) {
      int held = placement.held(tokens, part, plan.context()); // refuses odd chunks
      if (plan.sequence()) {
        ScatterExchange.kept(sequences / plan.data() * held, plan.tensor());
      }
    }
  }

  private static void requireDivides(String axis, int degree, String what, int total) {
    if (total < 1 || total % degree != 0) {
      throw new IllegalArgumentException(
          axis
              + " degree must divide the "
              + what
              + ": "
              + axis
              + "="
              + degree
              + " "
              + what
              + "="
              + total);
    }
  }

  private ShardPlan plan() {
    return grid.plan();
  }

  /** Layers of each stage. */
  public int stageLayers() {
    return layers / plan().pipeline();
  }

  /** The first layer of a rank. */
  public int firstLayer(int rank) {
    return grid.place(rank).pipeline() * stageLayers();
  }

  /** Tokens that the linears of a rank meet, as rows of all sequences one behind the other. */
  public int[] gathered(int rank) {
    Grid.Place at = grid.place(rank);
    int[] positions = placement.positions(tokens, at.context(), plan().context());
    int each = sequences / plan().data();
    return IntStream.range(at.data() * each, (at.data() + 1) * each)
        .flatMap(one -> Arrays.stream(positions).map(position -> one * tokens + position))
        .toArray();
  }

  /** Of these, the tokens that the rank keeps between linears. */
  public int[] kept(int rank) {
    int[] all = gathered(rank);
    if (!plan().sequence()) {
      return all;
    }
    int each = ScatterExchange.kept(all.length, plan().tensor());
    int first = grid.place(rank).tensor() * each;
    return Arrays.copyOfRange(all, first, first + each);
  }

  /** Whether tensor ranks keep the same tokens, and send them to experts elsewhere. */
  boolean dropsDuplicates() {
    return plan().expert() > 1 && plan().tensor() > 1 && !plan().sequence();
  }

  ExpertPlacement experts() {
    return ExpertPlacement.contiguous(spec.experts(), plan().expert());
  }

  /** What context ranks divide of the sequences of one replica, with the heads of a tensor rank. */
  AttentionShape shape(TensorShard shard) {
    return new AttentionShape(
        Collections.nCopies(sequences / plan().data(), tokens),
        shard.heads(),
        shard.kvHeads(),
        spec.headDim());
  }

  TensorShard shard(int rank) {
    return new TensorShard(spec, plan().tensor(), grid.place(rank).tensor());
  }

  /** One layer, as a rank of its stage has it; over the tokens that the rank keeps. */
  public ShardedLayer layer(
      GridCommunicators groups, int rank, LayerWeightSource weights, Variant variant, Meter meter) {
    Part part = new Part(this, groups, rank, weights, variant, meter);
    return new ShardedLayer(spec, weights, part.attention(), part.mlp(), variant, meter);
  }

  /** What a rank makes its layer of. */
  private record Part(
      GridLayers layers,
      GridCommunicators groups,
      int rank,
      LayerWeightSource weights,
      Variant variant,
      Meter meter) {
    private LayerSpec spec() {
      return layers.spec;
    }

    private TokenExchange exchange() {
      if (layers.plan().tensor() == 1) {
        return new Alone();
      }
      return layers.plan().sequence()
          ? new ScatterExchange(groups.tensor(), spec().hidden())
          : new AllReduceExchange(groups.tensor());
    }

    Sublayer attention() {
      TensorShard shard = layers.shard(rank);
      return new AttentionSublayer(
          shard,
          AttentionWeights.of(shard, weights),
          placed(),
          AttentionSublayer.angles(spec(), layers.tokens),
          core(shard),
          exchange(),
          variant,
          meter);
    }

    private Tokens placed() {
      int[] rows = layers.gathered(rank);
      int[] counts = new int[layers.sequences / layers.plan().data()];
      Arrays.fill(counts, rows.length / counts.length);
      return new Tokens(counts, Arrays.stream(rows).map(row -> row % layers.tokens).toArray());
    }

    private AttentionCore core(TensorShard shard) {
      return layers.plan().context() == 1
          ? new PromptCore(variant, meter)
          : new RingCore(
              groups.context(),
              layers.placement,
              layers.shape(shard),
              Kernels.attention(variant),
              meter);
    }

    Sublayer mlp() {
      if (spec().experts() == 0) {
        return new MlpSublayer(layers.shard(rank), weights, exchange(), variant, meter);
      }
      return layers.plan().expert() == 1 ? splitExperts() : dealtExperts();
    }

    /** All experts on every tensor rank, some columns of each. */
    private Sublayer splitExperts() {
      TensorShard shard = layers.shard(rank);
      ExpertWeights columns = ExpertWeights.columns(spec(), weights, shard.ranks(), shard.rank());
      return new SplitExperts(exchange(), experts(columns, new LocalDispatch()), spec().hidden());
    }

    /** Some experts on every rank of the stage, whole; and of the shared one, some columns. */
    private Sublayer dealtExperts() {
      LayerSpec routed = spec().withExperts(spec().experts(), spec().topK(), 0, spec().rule());
      ExpertPlacement placement = layers.experts();
      int hidden = spec().hidden();
      int place = layers.grid.place(rank).expert();
      Sublayer experts =
          experts(
              ExpertWeights.of(routed, weights, placement, place),
              new FlatDispatch(groups.expert(), placement, hidden, meter));
      if (layers.dropsDuplicates()) {
        experts = new DuplicateDropping(groups.tensor(), experts, hidden, meter);
      }
      return spec().sharedWidth() == 0
          ? experts
          : new SublayerSum(experts, sharedExpert(), hidden, variant, meter);
    }

    private Sublayer sharedExpert() {
      TensorShard shard = layers.shard(rank);
      return new MlpSublayer(
          shard.gateUp(weights, Linear.SHARED_GATE_UP),
          shard.down(weights, Linear.SHARED_DOWN),
          exchange(),
          variant,
          meter);
    }

    private Sublayer experts(ExpertWeights held, Dispatch dispatch) {
      return new ExpertSublayer(
          held,
          new TopKAssignment(spec(), held.router(), variant, meter),
          dispatch,
          variant,
          meter);
    }
  }
}
