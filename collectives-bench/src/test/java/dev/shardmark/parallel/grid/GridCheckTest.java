package dev.shardmark.parallel.grid;

import static org.assertj.core.api.Assertions.assertThat;

import dev.shardmark.collectives.RankGroup;
import dev.shardmark.collectives.Transport;
import dev.shardmark.kernels.Variant;
import dev.shardmark.model.ShardPlan;
import dev.shardmark.parallel.GridCommunicators;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The trial must be able to fail: in each of these grids ranks speak to the wrong ones. */
@Timeout(60)
class GridCheckTest {
  private static final ShardPlan ONE = ShardPlan.UNSHARDED;

  private enum Fault {
    MU25_EXPERTS_DEALT_OVER_REPLICAS(ONE.withTensor(2).withData(2).withExpert(2)) {
      @Override
      GridCommunicators of(GridCommunicators g) {
        return new GridCommunicators(g.tensor(), g.context(), g.data(), g.pipeline(), g.data());
      }
    },
    MU45_TENSOR_AND_CONTEXT_SWAPPED(ONE.withTensor(2).withContext(2)) {
      @Override
      GridCommunicators of(GridCommunicators g) {
        return new GridCommunicators(g.context(), g.tensor(), g.data(), g.pipeline(), g.expert());
      }
    },
    MU45_TENSOR_AND_DATA_SWAPPED(ONE.withTensor(2).withData(2)) {
      @Override
      GridCommunicators of(GridCommunicators g) {
        return new GridCommunicators(g.data(), g.context(), g.tensor(), g.pipeline(), g.expert());
      }
    },
    MU45_SEQUENCE_AND_CONTEXT_SWAPPED(ONE.withTensor(2).withSequence().withContext(2)) {
      @Override
      GridCommunicators of(GridCommunicators g) {
        return new GridCommunicators(g.context(), g.tensor(), g.data(), g.pipeline(), g.expert());
      }
    },
    MU45_DATA_AND_PIPELINE_SWAPPED(ONE.withData(2).withPipeline(2)) {
      @Override
      GridCommunicators of(GridCommunicators g) {
        return new GridCommunicators(g.tensor(), g.context(), g.pipeline(), g.data(), g.expert());
      }
    };

    private final ShardPlan plan;

    Fault(ShardPlan plan) {
      this.plan = plan;
    }

    abstract GridCommunicators of(GridCommunicators right);
  }

  @ParameterizedTest
  @EnumSource
  @Tag("kill-list")
  void wrongGridsAreRejected(Fault fault) {
    for (Transport transport : new Transport[] {Transport.SHARED, Transport.COPYING}) {
      try (RankGroup group = RankGroup.open(4, GridLayersTest.DEADLINE, transport)) {
        GridLayers layers = Plans.experts(fault.plan);
        assertThat(
                GridTrial.fault(layers, trial -> trial.fault(group, Variant.SCALAR, trial::groups)))
            .isNull();
        assertThat(
                GridTrial.fault(
                    layers,
                    trial ->
                        trial.fault(
                            group,
                            Variant.SCALAR,
                            (world, meter) -> fault.of(trial.groups(world, meter)))))
            .startsWith("error over bound");
      }
    }
  }
}
