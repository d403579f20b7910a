package dev.shardmark.parallel.tensor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.shardmark.collectives.Algorithms;
import dev.shardmark.collectives.Operation;
import dev.shardmark.collectives.RankGroup;
import dev.shardmark.collectives.Transport;
import dev.shardmark.kernels.Kernels;
import dev.shardmark.kernels.Matrix;
import dev.shardmark.kernels.Variant;
import dev.shardmark.kernels.Work;
import dev.shardmark.kernels.attention.Heads;
import dev.shardmark.kernels.gemm.GroupedGemm;
import dev.shardmark.kernels.gemm.Op;
import dev.shardmark.kernels.gemm.PackedMatrix;
import dev.shardmark.kernels.layer.LayerOperation;
import dev.shardmark.kernels.layer.LayerShape;
import dev.shardmark.kernels.norm.RmsNorm;
import dev.shardmark.model.Linear;
import dev.shardmark.parallel.AttentionCore;
import dev.shardmark.parallel.Axis;
import dev.shardmark.parallel.Inputs;
import dev.shardmark.parallel.LayerSpec;
import dev.shardmark.parallel.LayerWeightSource;
import dev.shardmark.parallel.Meter;
import dev.shardmark.parallel.Metered;
import dev.shardmark.parallel.PromptCore;
import dev.shardmark.parallel.ShardedLayer;
import dev.shardmark.parallel.SplitReport;
import dev.shardmark.parallel.Sublayer;
import dev.shardmark.parallel.Tokens;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * What a rank has of a layer: the right heads and columns, bit by bit, and no more than it says.
 */
@Timeout(60)
class TensorShardTest {
  private static final LayerSpec SPEC = TensorLayerTest.GROUPED;
  private static final LayerWeightSource WEIGHTS = new LayerWeightSource(11, 0);

  /** A column's sum does not know which columns lie beside it. */
  @Test
  void columnsOfARankHaveTheBitsOfTheWhole() {
    Matrix x = Inputs.uniform(1, 9, SPEC.hidden());
    int f = SPEC.width();
    for (Variant variant : Variant.OWN) {
      Matrix whole = product(variant, x, TensorShard.whole(SPEC).gateUp(WEIGHTS, Linear.GATE_UP));
      for (int ranks : new int[] {2, 3, 4, 8}) {
        for (int r = 0; r < ranks; r++) {
          LayerSpec spec = ranks == 3 ? LayerSpec.dense(24, 6, 3, 4, f) : SPEC;
          TensorShard shard = new TensorShard(spec, ranks, r);
          Matrix part = product(variant, x, shard.gateUp(WEIGHTS, Linear.GATE_UP));
          int w = f / ranks;
          for (int i = 0; i < x.rows(); i++) {
            for (int j = 0; j < w; j++) {
              assertThat(part.at(i, j)).isEqualTo(whole.at(i, r * w + j));
              assertThat(part.at(i, w + j)).isEqualTo(whole.at(i, f + r * w + j));
            }
          }
        }
      }
    }
  }

  private static Matrix product(Variant variant, Matrix x, Matrix weights) {
    Matrix y = Matrix.zeros(x.rows(), weights.cols());
    GroupedGemm gemm = Kernels.groupedGemm(variant);
    gemm.multiply(x, new int[] {0, x.rows()}, List.of(PackedMatrix.of(Op.PLAIN, weights)), y);
    return y;
  }

  /** Projections, positions and attention of a head know nothing of other heads. */
  @Test
  void headsOfARankHaveTheBitsOfTheWhole() {
    for (Variant variant : Variant.OWN) {
      List<float[]> whole = heads(variant, TensorShard.whole(SPEC));
      for (int ranks : new int[] {2, 4, 8}) {
        for (int r = 0; r < ranks; r++) {
          TensorShard shard = new TensorShard(SPEC, ranks, r);
          List<float[]> mine = heads(variant, shard);
          assertThat(mine).hasSize(shard.heads());
          for (int h = 0; h < shard.heads(); h++) {
            assertThat(mine.get(h)).isEqualTo(whole.get(shard.firstHead() + h));
          }
        }
      }
    }
  }

  /** What attention makes of each head of a shard. */
  private static List<float[]> heads(Variant variant, TensorShard shard) {
    List<float[]> heads = new ArrayList<>();
    Meter meter = new Meter(false);
    AttentionCore core =
        (q, k, v, o) -> {
          new PromptCore(variant, meter).attend(q, k, v, o);
          for (int h = 0; h < o[0].heads(); h++) {
            heads.add(copy(o[0], h));
          }
        };
    Matrix x = Inputs.uniform(2, 8, SPEC.hidden());
    new AttentionSublayer(
            shard,
            AttentionWeights.of(shard, WEIGHTS),
            Tokens.prompts(1, 8),
            AttentionSublayer.angles(SPEC, 8),
            core,
            new Alone(),
            variant,
            meter)
        .apply(x, Matrix.zeros(8, SPEC.hidden()));
    return heads;
  }

  private static float[] copy(Heads o, int head) {
    float[] copy = new float[o.tokens() * o.headDim()];
    for (int t = 0; t < o.tokens(); t++) {
      System.arraycopy(o.data(), o.index(t, head), copy, t * o.headDim(), o.headDim());
    }
    return copy;
  }

  /** Key heads that several ranks need are held alike by a run of them. */
  @Test
  void keyHeadsFollowTheirQueryHeads() {
    for (int ranks : new int[] {1, 2, 4, 8}) {
      int cached = ranks * new TensorShard(SPEC, ranks, 0).kvHeads();
      assertThat(cached).as("heads in all caches").isEqualTo(Math.max(SPEC.kvHeads(), ranks));
      for (int r = 0; r < ranks; r++) {
        TensorShard shard = new TensorShard(SPEC, ranks, r);
        for (int h = 0; h < shard.heads(); h++) {
          int wanted = (shard.firstHead() + h) / SPEC.group();
          int has = shard.firstKvHead() + h / (shard.heads() / shard.kvHeads());
          assertThat(has).as("ranks=%d rank=%d head=%d", ranks, r, h).isEqualTo(wanted);
        }
      }
    }
  }

  @Test
  void weightsAreSplitOrHeldTwice() {
    for (int ranks : new int[] {1, 2, 4, 8}) {
      long held = 0;
      for (int r = 0; r < ranks; r++) {
        TensorShard shard = new TensorShard(SPEC, ranks, r);
        AttentionWeights attention = AttentionWeights.of(shard, WEIGHTS);
        long counted =
            2L * SPEC.hidden()
                + size(attention.qkv())
                + size(attention.o())
                + size(shard.gateUp(WEIGHTS, Linear.GATE_UP))
                + size(shard.down(WEIGHTS, Linear.DOWN));
        assertThat(shard.weights()).isEqualTo(counted);
        held += counted;
      }
      TensorShard shard = new TensorShard(SPEC, ranks, 0);
      assertThat(held).isEqualTo(shard.split() + ranks * shard.duplicated());
      long keys = ranks > SPEC.kvHeads() ? 2L * 24 * 4 * (ranks - SPEC.kvHeads()) : 0;
      assertThat(held).isEqualTo(SPEC.weights() + (ranks - 1) * 2L * 24 + keys);
    }
  }

  private static long size(Matrix m) {
    return (long) m.rows() * m.cols();
  }

  @Test
  void theFourAnswers() {
    try (RankGroup group = RankGroup.open(2, TensorLayerTest.DEADLINE, Transport.COPYING)) {
      Algorithms algorithms = group.algorithms();
      group.run(
          rank -> {
            Meter meter = new Meter(false);
            TensorShard shard = new TensorShard(SPEC, 2, rank.rank());
            AllReduceExchange exchange =
                new AllReduceExchange(new Metered(rank, Axis.TENSOR, meter));
            Matrix x = Inputs.uniform(3, 4, SPEC.hidden());
            new MlpSublayer(shard, WEIGHTS, exchange, Variant.SCALAR, meter)
                .apply(x, Matrix.zeros(4, SPEC.hidden()));
            long formula =
                AllReduceExchange.sentBytes(algorithms, 2, rank.rank(), 4, SPEC.hidden());
            SplitReport report =
                shard.report(
                    List.of(
                        SplitReport.Said.of(meter, Axis.TENSOR, Operation.ALL_REDUCE, formula)));
            assertThat(report.countedBytes()).isEqualTo(report.formulaBytes()).isPositive();
            assertThat(report.duplicatedBytes()).isEqualTo(2 * 24 * Float.BYTES);
            assertThat(report.splitPercent())
                .isEqualTo(100.0 * (SPEC.weights() - 2 * 24) / SPEC.weights());
            assertThat(report.stages()).isEqualTo(1);
          });
    }
  }

  /** MU14: plain tensor parallelism repeats norms on every rank, and must be charged for them. */
  @Test
  @Tag("kill-list")
  void normsCostWhatTheTokensKeptDo() {
    LayerShape step = new LayerShape(1, 8, 0, 24, 8, 4, 4, false, 24, 0, 0);
    Work once = RmsNorm.work(8, 24);
    for (int ranks : new int[] {1, 2, 4}) {
      TensorShard shard = new TensorShard(SPEC, ranks, 0);
      assertThat(sum(shard, step, 8, LayerOperation.INPUT_NORM)).isEqualTo(ranks * once.flop());
      assertThat(sum(shard, step, 8 / ranks, LayerOperation.INPUT_NORM)).isEqualTo(once.flop());
      for (int kept : new int[] {8, 8 / ranks}) {
        long counted = RmsNorm.work(normalised(kept), 24).flop();
        assertThat(shard.work(step, kept).get(LayerOperation.INPUT_NORM).flop()).isEqualTo(counted);
        long divided = RmsNorm.work(8 / ranks, 24).flop();
        assertThat(divided == counted)
            .as("divided by the tensor degree")
            .isEqualTo(kept == 8 / ranks);
      }
    }
  }

  private static long sum(TensorShard shard, LayerShape step, int kept, LayerOperation which) {
    return shard.ranks() * shard.work(step, kept).get(which).flop();
  }

  /** Rows that a layer hands to its sublayers, which are those it has normalised. */
  private static int normalised(int kept) {
    int[] rows = new int[1];
    Sublayer probe = (normed, added) -> rows[0] = normed.rows();
    new ShardedLayer(SPEC, WEIGHTS, probe, probe, Variant.SCALAR, new Meter(false))
        .run(Inputs.uniform(4, kept, SPEC.hidden()));
    return rows[0];
  }

  @Test
  void flopOfLinearsAndAttentionDivide() {
    LayerShape step = new LayerShape(2, 8, 0, 24, 8, 4, 4, false, 24, 0, 0);
    Map<LayerOperation, Work> whole = TensorShard.whole(SPEC).work(step, 16);
    for (int ranks : new int[] {2, 4, 8}) {
      TensorShard shard = new TensorShard(SPEC, ranks, ranks - 1);
      for (LayerOperation operation :
          List.of(
              LayerOperation.ATTENTION,
              LayerOperation.O,
              LayerOperation.GATE_UP,
              LayerOperation.DOWN)) {
        assertThat(sum(shard, step, 16, operation)).isEqualTo(whole.get(operation).flop());
      }
      long twice = ranks > 4 ? 2L * 16 * 24 * 2 * (ranks - 4) * 4 : 0; // keys and values
      assertThat(sum(shard, step, 16, LayerOperation.QKV))
          .isEqualTo(whole.get(LayerOperation.QKV).flop() + twice);
    }
  }

  @Test
  void refusesDegreesByName() {
    refused(LayerSpec.dense(24, 8, 4, 4, 24), 3, "attention heads: tensor=3 heads=8");
    refused(
        LayerSpec.dense(24, 12, 4, 4, 24),
        6,
        "the key/value heads or be a multiple of them: tensor=6 kvHeads=4");
    refused(LayerSpec.dense(24, 8, 4, 4, 22), 4, "MLP width: tensor=4 width=22");
    refused(SPEC, 0, "tensor degree must be at least 1: tensor=0");
  }

  private static void refused(LayerSpec spec, int ranks, String sentence) {
    assertThatThrownBy(() -> new TensorShard(spec, ranks, 0))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageEndingWith(sentence);
  }
}
