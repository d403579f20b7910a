package dev.shardmark.parallel.context;

import static org.assertj.core.api.Assertions.assertThat;

import dev.shardmark.collectives.Communicator;
import dev.shardmark.collectives.RankGroup;
import dev.shardmark.kernels.Kernels;
import dev.shardmark.kernels.Variant;
import dev.shardmark.kernels.attention.Attention;
import dev.shardmark.kernels.attention.CachedAttention;
import dev.shardmark.kernels.attention.Heads;
import dev.shardmark.kernels.kvcache.KvPool;
import dev.shardmark.kernels.kvcache.KvStorage;
import dev.shardmark.parallel.AttentionCore;
import dev.shardmark.parallel.Axis;
import dev.shardmark.parallel.Meter;
import dev.shardmark.parallel.Metered;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Cores allocate nothing once they have seen their operands. */
@Timeout(120)
class ContextAllocationTest {
  private static final int RANKS = 2;
  private static final int CALLS = 50; // at a time
  private static final Duration PATIENCE = Duration.ofSeconds(30);
  private static final AttentionShape PROMPT = new AttentionShape(List.of(8, 4), 4, 2, 6);
  private static final AttentionShape STEP = new AttentionShape(List.of(1, 1), 4, 2, 6);
  private static final com.sun.management.ThreadMXBean THREADS =
      (com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean();

  private enum Kind {
    RING(Placement.ZIGZAG.held(PROMPT, 0, RANKS)),
    ALL_GATHER(Placement.ZIGZAG.held(PROMPT, 0, RANKS)),
    ULYSSES(Placement.CONTIGUOUS.held(PROMPT, 0, RANKS)),
    SEQUENCE(STEP.sequencesOf(0, RANKS)),
    REPLICATED(STEP),
    BATCH(STEP.withHeads(2, 1));

    private final AttentionShape operands;

    Kind(AttentionShape operands) {
      this.operands = operands;
    }

    AttentionCore core(Communicator ranks, StripedCache cache, Meter meter) {
      AttentionCore nothing = (q, k, v, o) -> {};
      return switch (this) {
        case RING -> new RingCore(ranks, Placement.ZIGZAG, PROMPT, attention(), meter);
        case ALL_GATHER -> new AllGatherCore(ranks, Placement.ZIGZAG, PROMPT, attention(), meter);
        case ULYSSES -> new UlyssesCore(ranks, PROMPT, nothing, meter);
        case SEQUENCE -> new SequenceCacheCore(ranks, STEP, cache, cachedAttention(), meter);
        case REPLICATED -> new ReplicatedQueryCore(ranks, STEP, cache, cachedAttention(), meter);
        case BATCH -> new BatchCacheCore(ranks, STEP, nothing, meter);
      };
    }

    private static Attention attention() {
      return Kernels.attention(Variant.SCALAR);
    }

    private static CachedAttention cachedAttention() {
      return Kernels.cachedAttention(Variant.SCALAR);
    }
  }

  /** What a rank does in a call. */
  private record Body(AttentionCore core, StripedCache cache, Prompt operands, Heads[] o) {
    void call() {
      for (int i = 0; i < STEP.sequences(); i++) {
        cache.free(i);
      }
      core.attend(operands.q(), operands.k(), operands.v(), o);
    }
  }

  /** Escape analysis and the thread's own accounting may take some calls to settle. */
  @ParameterizedTest
  @EnumSource
  void nothingIsAllocatedOnceWarm(Kind kind) {
    try (RankGroup group = RankGroup.open(RANKS, Duration.ofSeconds(30))) {
      Body[] bodies = new Body[RANKS];
      group.run(
          rank -> {
            Meter meter = new Meter(false);
            KvPool pool = new KvPool(KvStorage.FP32, 2, KvPool.BLOCK_TOKENS, 2, 6);
            StripedCache cache =
                new StripedCache(pool, 2, rank.rank(), RANKS, Kernels.kvAppend(Variant.SCALAR));
            Prompt operands = Prompt.random(kind.operands, rank.rank());
            Communicator metered = new Metered(rank, Axis.CONTEXT, meter);
            bodies[rank.rank()] =
                new Body(kind.core(metered, cache, meter), cache, operands, operands.results());
          });
      long endNs = System.nanoTime() + PATIENCE.toNanos();
      long[] bytes = allocated(group, bodies);
      while (!isNothing(bytes) && System.nanoTime() < endNs) {
        bytes = allocated(group, bodies);
      }
      assertThat(isNothing(bytes)).as("bytes by rank: %s", Arrays.toString(bytes)).isTrue();
    }
  }

  /** Less than a byte a call: what the test itself allocates. */
  private static boolean isNothing(long[] bytes) {
    return LongStream.of(bytes).allMatch(of -> of < CALLS);
  }

  /** Bytes that each rank allocates in some calls. */
  private static long[] allocated(RankGroup group, Body[] bodies) {
    long[] bytes = new long[RANKS];
    group.run(
        rank -> {
          long before = THREADS.getCurrentThreadAllocatedBytes();
          for (int call = 0; call < CALLS; call++) {
            bodies[rank.rank()].call();
          }
          bytes[rank.rank()] = THREADS.getCurrentThreadAllocatedBytes() - before;
        });
    return bytes;
  }
}
