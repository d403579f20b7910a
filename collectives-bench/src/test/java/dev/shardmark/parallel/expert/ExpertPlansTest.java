package dev.shardmark.parallel.expert;

import static dev.shardmark.parallel.expert.ExpertGroups.open;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import dev.shardmark.collectives.RankGroup;
import dev.shardmark.collectives.Transport;
import dev.shardmark.kernels.Matrix;
import dev.shardmark.kernels.Variant;
import dev.shardmark.kernels.moe.Routing;
import dev.shardmark.kernels.moe.RoutingRule;
import dev.shardmark.parallel.Meter;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What is known of a plan before it runs: what it sends, or why it does not. */
@Timeout(120)
class ExpertPlansTest {
  /** What uniform routing sends on average, by formula and by counting drawn routings. */
  @Test
  void uniformRoutingSendsWhatIsExpected() {
    int ranks = 8;
    int each = 500;
    int hidden = 16;
    for (int topK : new int[] {1, 2, 8}) {
      ExpertPlacement placement = ExpertPlacement.contiguous(64, ranks);
      List<Routing> routings = new ArrayList<>();
      for (int rank = 0; rank < ranks; rank++) {
        routings.add(new SkewedRouting(64, topK, 0, 3, rank * each).assign(Matrix.zeros(each, 1)));
      }
      RoutedRows routed = RoutedRows.of(placement, routings);
      assertThat(routed.remoteCopiesPerToken()).isCloseTo(topK * 7 / 8.0, within(0.05 * topK));
      double flat = 0;
      double levels = 0;
      for (int rank = 0; rank < ranks; rank++) {
        flat += FlatDispatch.sentBytes(routed, rank, hidden) / (double) ranks;
        levels += HierarchicalDispatch.sentBytes(routed, rank, 4, hidden) / (double) ranks;
      }
      double expected = FlatDispatch.expectedBytes(placement, each, topK, hidden);
      double ofLevels = HierarchicalDispatch.expectedBytes(placement, each, topK, 4, hidden);
      assertThat(flat / expected).isCloseTo(1, within(0.03));
      assertThat(levels / ofLevels).isCloseTo(1, within(0.03));
      assertThat(ofLevels).isBetween(expected, 2 * expected);
    }
  }

  @Test
  void plansThatDoNotFitAreRefused() {
    try (RankGroup group = open(4, Transport.SHARED)) {
      group.run(
          rank -> {
            Meter meter = new Meter(false);
            ExpertPlacement two = ExpertPlacement.contiguous(8, 2);
            ExpertPlacement four = ExpertPlacement.contiguous(8, 4);
            assertThatIllegalArgumentException()
                .isThrownBy(() -> new FlatDispatch(rank, two, 16, meter))
                .withMessage(
                    "experts must be placed on the ranks of the group: placement=2 group=4");
            assertThatIllegalArgumentException()
                .isThrownBy(() -> new HierarchicalDispatch(rank, four, 3, 16, meter))
                .withMessage("group size must divide the expert degree: groupSize=3 expert=4");
            assertThatIllegalArgumentException()
                .isThrownBy(() -> new PaddedDispatch(rank, four, -1, 16, meter))
                .withMessage("capacity must be at least 0: capacity=-1");
            Dispatch padded = new PaddedDispatch(rank, four, 1, 16, meter);
            int[] offset = {0, 2, 2, 2, 2, 2, 2, 2, 2};
            assertThatIllegalArgumentException()
                .isThrownBy(() -> padded.send(Matrix.zeros(2, 16), offset))
                .withMessage(
                    "rows of a place must not exceed the capacity: place=0 rows=2 capacity=1");
            Dispatch flat = new FlatDispatch(rank, four, 16, meter);
            assertThatIllegalArgumentException()
                .isThrownBy(() -> flat.send(Matrix.zeros(2, 16), new int[5]))
                .withMessage("offsets must be one more than places: offsets=5 places=8");
          });
    }
    MoeCase moe = MoeCase.of(8, 2, 0, RoutingRule.sigmoid(), Variant.SCALAR, 5);
    assertThatIllegalArgumentException()
        .isThrownBy(() -> moe.weights(ExpertPlacement.contiguous(6, 3), 0))
        .withMessage("a placement must have the experts of the layer: placement=6 experts=8");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> moe.columns(5, 0))
        .withMessage(
            "tensor degree must divide the widths of experts: tensor=5 width=12 sharedWidth=0");
    Meter meter = new Meter(false);
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new CappedAssignment(normed -> null, 8, 0, meter))
        .withMessageStartingWith("a capacity factor must be positive");
    assertThatIllegalArgumentException()
        .isThrownBy(
            () -> new ExpertChoiceAssignment(-1, moe.whole().router(), Variant.SCALAR, meter))
        .withMessageStartingWith("a capacity factor must be positive");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> RoutedRows.of(ExpertPlacement.contiguous(8, 2), List.of()))
        .withMessage("every rank needs a routing: routings=0 ranks=2");
  }
}
