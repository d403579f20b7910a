package dev.shardmark.parallel.tensor;

import static org.assertj.core.api.Assertions.assertThat;

import dev.shardmark.collectives.Communicator;
import dev.shardmark.collectives.RankGroup;
import dev.shardmark.collectives.ReduceOp;
import dev.shardmark.collectives.Transport;
import dev.shardmark.kernels.Kernels;
import dev.shardmark.kernels.Matrix;
import dev.shardmark.kernels.Variant;
import dev.shardmark.kernels.attention.Attention;
import dev.shardmark.kernels.attention.Heads;
import dev.shardmark.model.Linear;
import dev.shardmark.parallel.AttentionCore;
import dev.shardmark.parallel.LayerSpec;
import dev.shardmark.parallel.LayerWeightSource;
import dev.shardmark.parallel.Sublayer;
import dev.shardmark.parallel.TokenExchange;
import dev.shardmark.parallel.Tokens;
import java.util.Arrays;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The trial must be able to fail: each of these layers is wrong in one way. */
@Timeout(120)
class TensorCheckTest {
  private static final int MOST_RANKS = 8;
  private static final TensorTrial PROMPT =
      new TensorTrial(TensorLayerTest.GROUPED, 0, 1, 8, false);
  private static final TensorTrial DECODE =
      new TensorTrial(TensorLayerTest.GROUPED, 7, 2, 1, false);

  private enum Fault {
    MU07_ALL_REDUCE_MISSING(2, PROMPT, "error"),
    MU08_RESIDUAL_ADDED_ON_EVERY_RANK(2, PROMPT, "error"),
    MU13_KEY_HEADS_DEALT_IN_TURN_BEYOND_THEIR_NUMBER(8, PROMPT, "error"),
    MU15_PARTIAL_SUMS_IN_FP16(2, PROMPT, "error"),
    MU38_RANKS_SHARE_AN_ARRAY(2, PROMPT, "bytes"),
    MU40_FUSED_GATE_AND_UP_CUT_AS_ONE(2, PROMPT, "error"),
    MU46_KEY_HEADS_BY_MODULO(2, PROMPT, "error"),
    MU52_POSITION_OFF_BY_ONE(2, DECODE, "error"),
    SUMMED_TWICE(2, PROMPT, "error"),
    GATHERED_IN_PLACE_OF_SUMMED(4, PROMPT, "bytes");

    final int ranks;
    final TensorTrial trial;
    final String says;

    Fault(int ranks, TensorTrial trial, String says) {
      this.ranks = ranks;
      this.trial = trial;
      this.says = says;
    }
  }

  @ParameterizedTest
  @EnumSource
  @Tag("kill-list")
  void wrongLayersAreRejected(Fault fault) {
    for (Transport transport : new Transport[] {Transport.SHARED, Transport.COPYING}) {
      try (RankGroup group = RankGroup.open(fault.ranks, TensorLayerTest.DEADLINE, transport)) {
        assertThat(fault.trial.fault(group, Variant.VECTOR, new Parts())).isNull();
        assertThat(fault.trial.fault(group, Variant.VECTOR, new Wrong(fault)))
            .startsWith(fault.says);
      }
    }
  }

  /** What is not said is missing from the ledger, too. */
  @Test
  @Tag("kill-list")
  void aMissingAllReduceIsMissedInTheBytesAsWell() {
    try (RankGroup group = RankGroup.open(2, TensorLayerTest.DEADLINE)) {
      Parts wrong = new Wrong(Fault.MU07_ALL_REDUCE_MISSING);
      assertThat(PROMPT.run(group, Variant.SCALAR, wrong).counted()).containsOnly(0);
      assertThat(PROMPT.formula(group.algorithms(), 2, 0)).isPositive();
    }
  }

  /** The right parts but for one. */
  private static final class Wrong extends Parts {
    private final Fault fault;
    private final float[][] shared = new float[MOST_RANKS][];

    Wrong(Fault fault) {
      this.fault = fault;
    }

    @Override
    Tokens tokens(Tokens right) {
      if (fault == Fault.MU52_POSITION_OFF_BY_ONE) {
        int[] late = Arrays.stream(right.positions()).map(position -> position + 1).toArray();
        return new Tokens(right.counts(), late);
      }
      return right;
    }

    @Override
    AttentionWeights attention(TensorShard shard, LayerWeightSource weights) {
      AttentionWeights right = super.attention(shard, weights);
      if (fault != Fault.MU13_KEY_HEADS_DEALT_IN_TURN_BEYOND_THEIR_NUMBER) {
        return right;
      }
      LayerSpec s = shard.spec();
      int d = s.headDim();
      int key = s.heads() + shard.rank() % s.kvHeads();
      int value = key + s.kvHeads();
      int queries = shard.heads() * d;
      Matrix qkv =
          weights.part(
              Linear.QKV,
              0,
              s.hidden(),
              s.qkvWidth(),
              0,
              s.hidden(),
              shard.firstHead() * d,
              queries,
              key * d,
              d,
              value * d,
              d);
      return new AttentionWeights(qkv, right.o(), right.queryNorm(), right.keyNorm());
    }

    @Override
    Matrix gateUp(TensorShard shard, LayerWeightSource weights) {
      if (fault != Fault.MU40_FUSED_GATE_AND_UP_CUT_AS_ONE) {
        return super.gateUp(shard, weights);
      }
      LayerSpec s = shard.spec();
      int part = 2 * s.width() / shard.ranks();
      return weights.part(
          Linear.GATE_UP, 0, s.hidden(), 2 * s.width(), 0, s.hidden(), shard.rank() * part, part);
    }

    @Override
    AttentionCore core(AttentionCore right, TensorShard shard, Variant variant) {
      return fault == Fault.MU46_KEY_HEADS_BY_MODULO
          ? new ModuloCore(Kernels.attention(variant))
          : right;
    }

    @Override
    TokenExchange exchange(TokenExchange right, Communicator tensor) {
      return switch (fault) {
        case MU07_ALL_REDUCE_MISSING -> new Alone();
        case MU15_PARTIAL_SUMS_IN_FP16,
            MU38_RANKS_SHARE_AN_ARRAY,
            SUMMED_TWICE,
            GATHERED_IN_PLACE_OF_SUMMED ->
            new WrongExchange(fault, right, tensor, shared);
        default -> right;
      };
    }

    /** t - 1 residuals too many: one on each rank is one too many on all but one. */
    @Override
    Sublayer mlp(Sublayer right, Matrix x, int ranks) {
      if (fault != Fault.MU08_RESIDUAL_ADDED_ON_EVERY_RANK) {
        return right;
      }
      return (normed, added) -> {
        right.apply(normed, added);
        for (int i = 0; i < x.rows() * x.cols(); i++) {
          added.data()[added.offset() + i] += (ranks - 1) * x.data()[x.offset() + i];
        }
      };
    }
  }

  /** Query head i with key head i modulo their number. */
  private record ModuloCore(Attention attention) implements AttentionCore {
    @Override
    public void attend(Heads[] q, Heads[] k, Heads[] v, Heads[] o) {
      for (int s = 0; s < q.length; s++) {
        for (int h = 0; h < q[s].heads(); h++) {
          int key = h % k[s].heads();
          attention.attend(
              AttentionCore.scale(q[s].headDim()),
              true,
              head(q[s], h),
              head(k[s], key),
              head(v[s], key),
              head(o[s], h),
              Matrix.zeros(q[s].tokens(), 1));
        }
      }
    }

    private static Heads head(Heads all, int h) {
      return new Heads(
          all.data(),
          all.index(0, h),
          all.tokens(),
          1,
          all.headDim(),
          all.tokenStride(),
          all.headStride());
    }
  }

  /** An exchange that adds up what it should not, or in a way that it should not. */
  private record WrongExchange(
      Fault fault, TokenExchange right, Communicator tensor, float[][] shared)
      implements TokenExchange {
    @Override
    public int gathered(int kept) {
      return right.gathered(kept);
    }

    @Override
    public Matrix enter(Matrix kept) {
      return right.enter(kept);
    }

    @Override
    public void leave(Matrix partial, Matrix kept) {
      float[] data = partial.data();
      int length = partial.rows() * partial.cols();
      switch (fault) {
        case MU15_PARTIAL_SUMS_IN_FP16 -> {
          for (int i = partial.offset(); i < partial.offset() + length; i++) {
            data[i] = Float.float16ToFloat(Float.floatToFloat16(data[i]));
          }
          right.leave(partial, kept);
        }
        case SUMMED_TWICE -> {
          tensor.allReduce(data, partial.offset(), length, ReduceOp.SUM);
          right.leave(partial, kept);
        }
        case MU38_RANKS_SHARE_AN_ARRAY -> sumInPlace(partial, kept);
        default -> gatherAndSum(partial, kept);
      }
    }

    /** Right, and for nothing: ranks read each other's memory. */
    private void sumInPlace(Matrix partial, Matrix kept) {
      int length = partial.rows() * partial.cols();
      int at = partial.offset();
      shared[tensor.rank()] = Arrays.copyOfRange(partial.data(), at, at + length);
      tensor.barrier();
      Arrays.fill(kept.data(), kept.offset(), kept.offset() + length, 0);
      for (int rank = 0; rank < tensor.size(); rank++) {
        for (int i = 0; i < length; i++) {
          kept.data()[kept.offset() + i] += shared[rank][i];
        }
      }
      tensor.barrier();
    }

    /** Right, and slower: everybody gets every partial sum. */
    private void gatherAndSum(Matrix partial, Matrix kept) {
      int length = partial.rows() * partial.cols();
      float[] all = new float[length * tensor.size()];
      tensor.allGather(partial.data(), partial.offset(), all, 0, all.length);
      Arrays.fill(kept.data(), kept.offset(), kept.offset() + length, 0);
      for (int i = 0; i < all.length; i++) {
        kept.data()[kept.offset() + i % length] += all[i];
      }
    }
  }
}
