package dev.shardmark.collectives;

import static org.assertj.core.api.Assertions.assertThat;

import dev.shardmark.collectives.allreduce.AllReduceVariant;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.Arrays;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

@Timeout(120)
class AllocationTest {
  private static final int RANKS = 3; // one folds into another
  private static final int LENGTH = 1001;
  private static final int CALLS = 100; // of the body at a time
  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final com.sun.management.ThreadMXBean THREADS =
      (com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean();

  static Stream<AllReduceVariant> variants() {
    return AllReduceVariant.all();
  }

  /** Vectors are objects until their loops are compiled, so it may take some calls. */
  @ParameterizedTest
  @MethodSource("variants")
  void nothingIsAllocatedOnceWarm(AllReduceVariant variant) {
    float[][] in = new float[RANKS][LENGTH];
    float[][] out = new float[RANKS][LENGTH];
    ReduceOp[] ops = ReduceOp.values();
    RankBody body =
        rank -> {
          int r = rank.rank();
          for (ReduceOp op : ops) {
            rank.allReduce(in[r], 0, LENGTH, op);
          }
          rank.allReduce(in[r], 0, out[r], 0, LENGTH, ReduceOp.SUM);
          rank.barrier();
          rank.sendReceive((r + 1) % RANKS, in[r], 0, 9, (r + 2) % RANKS, out[r], 0, 9);
        };
    assertNothingIsAllocated(variant, body);
  }

  @ParameterizedTest
  @MethodSource("variants")
  void norForBf16(AllReduceVariant variant) {
    short[][] buffers = new short[RANKS][LENGTH];
    ReduceOp[] ops = ReduceOp.values();
    assertNothingIsAllocated(
        variant,
        rank -> {
          for (ReduceOp op : ops) {
            rank.allReduce(buffers[rank.rank()], 0, LENGTH, op);
          }
          rank.barrier();
        });
  }

  private static void assertNothingIsAllocated(AllReduceVariant variant, RankBody body) {
    try (RankGroup group = variant.open(RANKS, Duration.ofSeconds(30))) {
      long endNs = System.nanoTime() + PATIENCE.toNanos();
      long[] bytes = allocated(group, body);
      while (!isNothing(bytes) && System.nanoTime() < endNs) {
        bytes = allocated(group, body);
      }
      assertThat(isNothing(bytes)).as("bytes by rank: %s", Arrays.toString(bytes)).isTrue();
    }
  }

  /** Less than a byte a call: what the test itself allocates. */
  private static boolean isNothing(long[] bytes) {
    return LongStream.of(bytes).allMatch(of -> of < CALLS);
  }

  /** Bytes that each rank allocates in some calls. */
  private static long[] allocated(RankGroup group, RankBody body) {
    long[] before = new long[RANKS];
    long[] after = new long[RANKS];
    group.run(rank -> before[rank.rank()] = THREADS.getCurrentThreadAllocatedBytes());
    for (int call = 0; call < CALLS; call++) {
      group.run(body);
    }
    group.run(rank -> after[rank.rank()] = THREADS.getCurrentThreadAllocatedBytes());
    Arrays.setAll(after, rank -> after[rank] - before[rank]);
    return after;
  }
}
