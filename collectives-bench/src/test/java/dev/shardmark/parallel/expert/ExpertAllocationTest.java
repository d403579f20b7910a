package dev.shardmark.parallel.expert;

import static org.assertj.core.api.Assertions.assertThat;

import dev.shardmark.collectives.RankGroup;
import dev.shardmark.collectives.Transport;
import dev.shardmark.kernels.Matrix;
import dev.shardmark.kernels.Variant;
import dev.shardmark.kernels.moe.RoutingRule;
import dev.shardmark.parallel.Meter;
import dev.shardmark.parallel.Sublayer;
import java.lang.management.ManagementFactory;
import java.util.Arrays;
import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(120)
class ExpertAllocationTest {
  private static final int RANKS = 4;
  private static final int CALLS = 50;
  private static final int TRIES = 100;
  private static final com.sun.management.ThreadMXBean THREADS =
      (com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean();

  /** By scalar kernels: vectors are objects until their loops are compiled. */
  @Test
  void nothingIsAllocatedOnceWarm() {
    MoeCase moe = MoeCase.of(8, 2, 8, RoutingRule.topKThenSoftmax(), Variant.SCALAR, 6, 6, 6, 6);
    ShardedMoe flat = ShardedMoe.flat(moe, ExpertPlacement.contiguous(8, RANKS));
    List<ShardedMoe> all =
        List.of(
            flat,
            flat.by(
                (comm, at, hidden, meter) -> new HierarchicalDispatch(comm, at, 2, hidden, meter)),
            flat.by((comm, at, hidden, meter) -> new PaddedDispatch(comm, at, 6, hidden, meter)),
            flat.by((w, meter) -> new CappedAssignment(moe.topK(w, meter), 8, 1, meter)),
            flat.by((w, meter) -> new SkewedRouting(8, 2, 1, 1, 6 * w.rank())),
            flat.by(
                (w, meter) -> new ExpertChoiceAssignment(2, w.router(), Variant.SCALAR, meter)));
    try (RankGroup group = ExpertGroups.open(RANKS, Transport.SHARED)) {
      for (ShardedMoe sharded : all) {
        assertNothingIsAllocated(group, sharded);
      }
    }
  }

  private static void assertNothingIsAllocated(RankGroup group, ShardedMoe sharded) {
    Sublayer[] sublayers = new Sublayer[RANKS];
    Matrix[] x = new Matrix[RANKS];
    Matrix[] y = new Matrix[RANKS];
    group.run(
        rank -> {
          int r = rank.rank();
          sublayers[r] = sharded.of(rank, new Meter(false));
          x[r] = sharded.moe().x(r);
          y[r] = Matrix.zeros(x[r].rows(), x[r].cols());
        });
    long[] bytes = new long[RANKS];
    for (int attempt = 0; attempt < TRIES; attempt++) {
      group.run(
          rank -> {
            int r = rank.rank();
            long before = THREADS.getCurrentThreadAllocatedBytes();
            for (int call = 0; call < CALLS; call++) {
              sublayers[r].apply(x[r], y[r]);
            }
            bytes[r] = THREADS.getCurrentThreadAllocatedBytes() - before;
          });
      if (LongStream.of(bytes).allMatch(of -> of < CALLS)) {
        return;
      }
    }
    assertThat(bytes).as("bytes by rank: %s", Arrays.toString(bytes)).containsOnly(0);
  }
}
