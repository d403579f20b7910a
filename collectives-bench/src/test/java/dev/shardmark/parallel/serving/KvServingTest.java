package dev.shardmark.parallel.serving;

import static org.assertj.core.api.Assertions.assertThat;

import dev.shardmark.collectives.RankGroup;
import dev.shardmark.collectives.Transport;
import dev.shardmark.kernels.Matrix;
import dev.shardmark.kernels.Variant;
import dev.shardmark.kernels.kvcache.KvAppendCheck;
import dev.shardmark.kernels.kvcache.KvPool;
import dev.shardmark.kernels.kvcache.KvSequence;
import dev.shardmark.kernels.kvcache.KvStorage;
import dev.shardmark.parallel.Axis;
import dev.shardmark.parallel.Meter;
import dev.shardmark.parallel.Metered;
import dev.shardmark.parallel.serving.PagedMemory.Admission;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Requests with keys and values in a real pool. */
@Timeout(60)
class KvServingTest {
  private static final int BLOCK = 32;
  private static final int BLOCKS = 9;
  private static final int SLOTS = 6;

  @Test
  void requestsInBlocksSayWhatTheySayAloneInOneRun() {
    for (int seed = 0; seed < 3; seed++) {
      Trace trace = Trace.random(seed, 16, 2, 60, 90);
      Served served = serve(trace, false);
      assertThat(ServingCheck.fault(trace, served, alone(trace))).isNull();
      assertThat(served.preempted()).isPositive();
    }
  }

  @Test
  @Tag("kill-list")
  void aPageTableThatIsStaleAfterEvictionIsRejected() {
    Trace trace = Trace.random(0, 16, 2, 60, 90);
    assertThat(ServingCheck.fault(trace, serve(trace, true), alone(trace))).contains("says alone");
  }

  /** The pool with elements has as many free blocks as the one that decides. */
  private static Served serve(Trace trace, boolean stale) {
    PagedMemory memory = new PagedMemory(SLOTS, BLOCKS, BLOCK, Admission.START);
    KvStep step = new KvStep(SLOTS, KvStep.pool(BLOCKS, BLOCK), stale);
    ContinuousBatching batching = new ContinuousBatching(trace, SLOTS, memory, step);
    while (!batching.isDone()) {
      batching.iterate();
      assertThat(step.pool().freeBlocks()).isEqualTo(memory.freeBlocks());
    }
    return batching.served();
  }

  /** In one block, as long as the longest. */
  private static int[][] alone(Trace trace) {
    int[][] said = new int[trace.requests().size()][];
    for (Request one : trace.requests()) {
      Trace single = new Trace(List.of(new Request(0, 0, one.promptTokens(), one.outputTokens())));
      KvStep step = new KvStep(1, KvStep.pool(1, 256), false);
      said[one.id()] = new StaticBatching(single, 1, step).serve().said()[0];
    }
    return said;
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void keysAndValuesHandedOverLieAsIfAppendedThere(boolean copies) {
    int kvHeads = 2;
    int headDim = 8;
    int layers = 3;
    int[] prompts = {5, 70, 1, 0, 33};
    Transport transport = copies ? Transport.COPYING : Transport.SHARED;
    try (RankGroup group = RankGroup.open(2, Duration.ofSeconds(20), transport)) {
      group.run(
          rank -> {
            Meter meter = new Meter(false);
            KvHandOver handOver =
                new KvHandOver(new Metered(rank, Axis.PIPELINE, meter), Variant.VECTOR);
            KvPool pool = new KvPool(KvStorage.FP32, 5 * layers * 3, BLOCK, kvHeads, headDim);
            long expected = 0;
            for (int request = 0; request < prompts.length; request++) {
              for (int layer = 0; layer < layers; layer++) {
                Matrix qkv = projected(prompts[request], 3 * kvHeads * headDim, request + layer);
                Matrix k = columns(qkv, kvHeads * headDim, kvHeads * headDim);
                Matrix v = columns(qkv, 2 * kvHeads * headDim, kvHeads * headDim);
                if (rank.rank() == 0) {
                  handOver.send(1, k, v);
                  expected += KvHandOver.sentBytes(prompts[request], kvHeads, headDim);
                  assertThat(meter.sentBytes(Axis.PIPELINE)).isEqualTo(expected);
                } else {
                  KvSequence cache = new KvSequence(pool);
                  handOver.receive(0, prompts[request], cache);
                  assertThat(cache.tokens()).isEqualTo(prompts[request]);
                  assertThat(KvAppendCheck.worst(cache, 0, k, v)).isZero();
                  assertThat(meter.sentBytes(Axis.PIPELINE)).isZero();
                }
              }
            }
          });
    }
  }

  @Test
  void keysAndValuesExchangedOnTheWayAreRejected() {
    try (RankGroup group = RankGroup.open(2, Duration.ofSeconds(20), Transport.COPYING)) {
      group.run(
          rank -> {
            Matrix qkv = projected(7, 24, 1);
            Matrix k = columns(qkv, 8, 8);
            Matrix v = columns(qkv, 16, 8);
            KvHandOver handOver = new KvHandOver(rank, Variant.VECTOR);
            if (rank.rank() == 0) {
              handOver.send(1, v, k);
            } else {
              KvSequence cache = new KvSequence(new KvPool(KvStorage.FP32, 1, BLOCK, 1, 8));
              handOver.receive(0, 7, cache);
              assertThat(KvAppendCheck.worst(cache, 0, k, v)).isPositive();
            }
          });
    }
  }

  /** The same on both ranks, which share nothing. */
  private static Matrix projected(int rows, int cols, int seed) {
    Matrix m = Matrix.zeros(rows, cols);
    for (int i = 0; i < rows * cols; i++) {
      m.data()[m.offset() + i] = (float) Math.sin(seed * 1000 + i);
    }
    return m;
  }

  private static Matrix columns(Matrix m, int from, int count) {
    int at = m.rows() == 0 ? m.offset() : m.offset() + from;
    return new Matrix(m.data(), at, m.rows(), count, m.rowStride());
  }
}
