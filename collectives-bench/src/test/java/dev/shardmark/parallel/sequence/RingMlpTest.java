package dev.shardmark.parallel.sequence;

import static org.assertj.core.api.Assertions.assertThat;

import dev.shardmark.collectives.Operation;
import dev.shardmark.collectives.Rank;
import dev.shardmark.collectives.RankGroup;
import dev.shardmark.collectives.Transport;
import dev.shardmark.kernels.Matrix;
import dev.shardmark.kernels.Variant;
import dev.shardmark.kernels.layer.Bounded;
import dev.shardmark.model.Linear;
import dev.shardmark.parallel.Axis;
import dev.shardmark.parallel.Inputs;
import dev.shardmark.parallel.LayerSpec;
import dev.shardmark.parallel.LayerWeightSource;
import dev.shardmark.parallel.Meter;
import dev.shardmark.parallel.Metered;
import dev.shardmark.parallel.Sublayer;
import dev.shardmark.parallel.oracle.OracleLayer;
import dev.shardmark.parallel.tensor.MlpSublayer;
import dev.shardmark.parallel.tensor.TensorShard;
import java.time.Duration;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** An MLP in steps of a ring against the oracle, and against the same MLP in one go. */
@Timeout(60)
class RingMlpTest {
  private static final LayerSpec SPEC = LayerSpec.dense(20, 24, 24, 2, 24);
  private static final LayerWeightSource WEIGHTS = new LayerWeightSource(17, 2);
  private static final int KEPT = 3;

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 4, 8})
  void isThatOfSequenceParallelism(int ranks) {
    Matrix x = Inputs.uniform(6, ranks * KEPT, SPEC.hidden());
    Bounded want = new OracleLayer(SPEC, WEIGHTS).mlp(Bounded.of(x));
    for (Transport transport : new Transport[] {Transport.SHARED, Transport.COPYING}) {
      try (RankGroup group = RankGroup.open(ranks, Duration.ofSeconds(30), transport)) {
        for (Variant variant : Variant.OWN) {
          group.run(rank -> check(rank, x, want, variant));
        }
      }
    }
  }

  private static void check(Rank rank, Matrix x, Bounded want, Variant variant) {
    Meter meter = new Meter(false);
    Metered tensor = new Metered(rank, Axis.SEQUENCE, meter);
    TensorShard shard = new TensorShard(SPEC, rank.size(), rank.rank());
    Matrix gateUp = shard.gateUp(WEIGHTS, Linear.GATE_UP);
    Matrix down = shard.down(WEIGHTS, Linear.DOWN);
    Sublayer ring = new RingMlpSublayer(gateUp, down, tensor, variant, meter);
    int first = rank.rank() * KEPT;
    Matrix mine = Inputs.rows(x, first, KEPT);
    Bounded wanted = want.rows(IntStream.range(first, first + KEPT).toArray());
    for (int call = 1; call <= 2; call++) {
      Matrix added = Inputs.uniform(8, KEPT, SPEC.hidden());
      ring.apply(mine, added);
      assertThat(wanted.worst(added)).isBetween(0.0, 1.0);
      assertThat(meter.sentBytes(Axis.SEQUENCE, Operation.SEND))
          .isEqualTo(call * RingMlpSublayer.sentBytes(rank.size(), KEPT, SPEC.hidden()));
    }
    meter.clear();
    ScatterExchange exchange = new ScatterExchange(tensor, SPEC.hidden());
    new MlpSublayer(gateUp, down, exchange, variant, meter)
        .apply(mine, Matrix.zeros(KEPT, SPEC.hidden()));
    assertThat(meter.sentBytes(Axis.SEQUENCE))
        .isEqualTo(RingMlpSublayer.sentBytes(rank.size(), KEPT, SPEC.hidden()));
  }
}
