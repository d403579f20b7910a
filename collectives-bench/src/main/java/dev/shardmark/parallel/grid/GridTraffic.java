package dev.shardmark.parallel.grid;

import dev.shardmark.collectives.Algorithms;
import dev.shardmark.kernels.moe.Routing;
import dev.shardmark.model.ShardPlan;
import dev.shardmark.parallel.Axis;
import dev.shardmark.parallel.Grid;
import dev.shardmark.parallel.context.RingCore;
import dev.shardmark.parallel.expert.DuplicateDropping;
import dev.shardmark.parallel.expert.FlatDispatch;
import dev.shardmark.parallel.expert.RoutedRows;
import dev.shardmark.parallel.sequence.ScatterExchange;
import dev.shardmark.parallel.tensor.AllReduceExchange;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/**
 * What a rank of a grid sends in one layer, and to the next stage: the sum of what its axes send,
 * each by the formula of its part.
 */
public record GridTraffic(GridLayers layers, Algorithms algorithms) {
  private ShardPlan plan() {
    return layers.grid().plan();
  }

  /**
   * Bytes that a rank sends on behalf of an axis in one layer; replicas and stages say nothing
   * there.
   *
   * @param routing choices of all tokens, one sequence behind the other; null without experts
   */
  public long sentBytes(int rank, Axis axis, Routing routing) {
    return switch (axis) {
      case TENSOR -> plan().sequence() ? 0 : tensor(rank);
      case SEQUENCE -> plan().sequence() ? tensor(rank) : 0;
      case CONTEXT -> context(rank);
      case EXPERT -> plan().expert() == 1 ? 0 : expert(rank, routing);
      case PIPELINE, DATA -> 0;
    };
  }

  /** Bytes that a rank sends to the next stage: its tokens, and nothing behind the last. */
  public long toNextStage(int rank) {
    boolean last = layers.grid().place(rank).pipeline() == plan().pipeline() - 1;
    return last ? 0 : (long) Float.BYTES * layers.kept(rank).length * layers.spec().hidden();
  }

  private long tensor(int rank) {
    int t = plan().tensor();
    int hidden = layers.spec().hidden();
    int tokens = layers.gathered(rank).length;
    int at = layers.grid().place(rank).tensor();
    if (t == 1) {
      return 0;
    }
    long once =
        plan().sequence()
            ? ScatterExchange.sentBytes(algorithms, t, at, tokens, hidden)
            : AllReduceExchange.sentBytes(algorithms, t, at, tokens, hidden);
    boolean mlp = plan().expert() == 1 || layers.spec().sharedWidth() > 0;
    long dropping = layers.dropsDuplicates() ? DuplicateDropping.sentBytes(tokens, t, hidden) : 0;
    return (mlp ? 2 : 1) * once + dropping;
  }

  private long context(int rank) {
    int at = layers.grid().place(rank).context();
    return plan().context() == 1
        ? 0
        : RingCore.sentBytes(
            layers.shape(layers.shard(rank)), layers.placement(), at, plan().context());
  }

  private long expert(int rank, Routing routing) {
    Grid.Place at = layers.grid().place(rank);
    int first = rank - at.expert();
    List<Routing> sent =
        IntStream.range(first, first + plan().expert())
            .mapToObj(peer -> choices(routing, routed(peer)))
            .toList();
    RoutedRows rows = RoutedRows.of(layers.experts(), sent);
    return FlatDispatch.sentBytes(rows, at.expert(), layers.spec().hidden());
  }

  /** The tokens that a rank has to send to experts. */
  private int[] routed(int rank) {
    int[] kept = layers.kept(rank);
    if (!layers.dropsDuplicates()) {
      return kept;
    }
    int each = Math.ceilDiv(kept.length, plan().tensor());
    int first = Math.min(kept.length, layers.grid().place(rank).tensor() * each);
    return Arrays.copyOfRange(kept, first, Math.min(kept.length, first + each));
  }

  private static Routing choices(Routing all, int[] rows) {
    Routing some = Routing.zeros(rows.length, all.topK());
    for (int i = 0; i < rows.length; i++) {
      int from = rows[i] * all.topK();
      System.arraycopy(all.expert(), from, some.expert(), i * all.topK(), all.topK());
      System.arraycopy(all.weight(), from, some.weight(), i * all.topK(), all.topK());
    }
    return some;
  }
}
