package dev.shardmark.parallel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.management.ThreadMXBean;
import dev.shardmark.kernels.Matrix;
import dev.shardmark.kernels.Variant;
import dev.shardmark.kernels.kvcache.KvSequence;
import dev.shardmark.kernels.layer.Bounded;
import dev.shardmark.kernels.layer.LayerOperation;
import dev.shardmark.parallel.oracle.CachedTokens;
import dev.shardmark.parallel.oracle.OracleLayer;
import dev.shardmark.parallel.tensor.Alone;
import dev.shardmark.parallel.tensor.AttentionSublayer;
import dev.shardmark.parallel.tensor.AttentionWeights;
import dev.shardmark.parallel.tensor.MlpSublayer;
import dev.shardmark.parallel.tensor.TensorShard;
import java.lang.management.ManagementFactory;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What a layer does besides computing the right thing. */
@Timeout(60)
class ShardedLayerTest {
  private static final LayerSpec SPEC = new LayerSpec(20, 4, 2, 6, true, 18, 0, 0, 0, null);
  private static final LayerWeightSource WEIGHTS = new LayerWeightSource(3, 1);
  private static final int CALLS = 100;
  private static final int LEAST_OBJECT = 16; // bytes: one a call would be as many times as many
  private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

  private static ShardedLayer layer(Tokens tokens, AttentionCore core, Meter meter) {
    return layer(attention(tokens, core, meter), meter);
  }

  private static AttentionSublayer attention(Tokens tokens, AttentionCore core, Meter meter) {
    TensorShard whole = TensorShard.whole(SPEC);
    return new AttentionSublayer(
        whole,
        AttentionWeights.of(whole, WEIGHTS),
        tokens,
        AttentionSublayer.angles(SPEC, 10),
        core,
        new Alone(),
        Variant.SCALAR,
        meter);
  }

  private static ShardedLayer layer(AttentionSublayer attention, Meter meter) {
    TensorShard whole = TensorShard.whole(SPEC);
    return new ShardedLayer(
        SPEC,
        WEIGHTS,
        attention,
        new MlpSublayer(whole, WEIGHTS, new Alone(), Variant.SCALAR, meter),
        Variant.SCALAR,
        meter);
  }

  @Test
  void everyOperationIsTimed() {
    Meter meter = new Meter(false);
    ShardedLayer layer = layer(Tokens.prompts(1, 4), new PromptCore(Variant.SCALAR, meter), meter);
    for (int call = 0; call < CALLS; call++) { // a clock may not tell one of them from none
      layer.run(Inputs.uniform(1, 4, SPEC.hidden()));
    }
    for (LayerOperation operation :
        new LayerOperation[] {
          LayerOperation.INPUT_NORM,
          LayerOperation.QKV,
          LayerOperation.HEAD_NORM,
          LayerOperation.ROPE,
          LayerOperation.ATTENTION,
          LayerOperation.O,
          LayerOperation.MLP_NORM,
          LayerOperation.GATE_UP,
          LayerOperation.SWIGLU,
          LayerOperation.DOWN,
          LayerOperation.RESIDUAL
        }) {
      assertThat(meter.computedNs(operation)).as("%s", operation).isPositive();
    }
  }

  /** Sequences of unequal length, so that views must be kept for each. */
  @Test
  void nothingIsAllocatedFromTheSecondStepOn() {
    Meter meter = new Meter(false);
    Tokens tokens = new Tokens(new int[] {3, 0, 1}, new int[] {0, 1, 2, 0});
    ShardedLayer layer = layer(tokens, new PromptCore(Variant.SCALAR, meter), meter);
    Matrix x = Inputs.uniform(1, 4, SPEC.hidden());
    assertThat(allocated(() -> layer.run(x))).isLessThan(LEAST_OBJECT * CALLS);
  }

  @Test
  void norOverCaches() {
    Meter meter = new Meter(false);
    Tokens tokens = Tokens.after(4, 2, 1);
    KvSequence[] caches = Inputs.caches(Inputs.cached(2, SPEC, 2, 4), SPEC.headDim(), 2 * CALLS);
    ShardedLayer layer = layer(tokens, new CacheCore(caches, Variant.SCALAR, meter), meter);
    Matrix x = Inputs.uniform(1, 2, SPEC.hidden());
    Runnable step =
        () -> {
          layer.run(x);
          for (KvSequence cache : caches) {
            cache.free();
            cache.extend(4);
          }
        };
    assertThat(allocated(step)).isLessThan(LEAST_OBJECT * CALLS);
    layer.run(x);
    assertThat(caches[1].tokens()).isEqualTo(5);
  }

  private static long allocated(Runnable step) {
    step.run();
    long before = THREADS.getCurrentThreadAllocatedBytes();
    for (int call = 0; call < CALLS; call++) {
      step.run();
    }
    return THREADS.getCurrentThreadAllocatedBytes() - before;
  }

  /** Two sequences: four tokens at once, then one after the other. */
  @Test
  void promptsInPiecesAreWithinTheBoundOfTheWhole() {
    int[][] pieces = {{0, 1, 2, 3}, {4}, {5}};
    Meter meter = new Meter(false);
    int width = SPEC.kvHeads() * SPEC.headDim();
    CachedTokens none = new CachedTokens(Matrix.zeros(0, width), Matrix.zeros(0, width));
    KvSequence[] caches = Inputs.caches(List.of(none, none), SPEC.headDim(), 6);
    CacheCore core = new CacheCore(caches, Variant.SCALAR, meter);
    AttentionSublayer attention = attention(Tokens.prompts(2, 4), core, meter);
    ShardedLayer layer = layer(attention, meter);
    Matrix x = Inputs.uniform(1, 12, SPEC.hidden());
    Bounded want = new OracleLayer(SPEC, WEIGHTS).run(x, Tokens.prompts(2, 6)).output();
    for (int[] piece : pieces) {
      int tokens = piece.length;
      attention.place(Tokens.after(piece[0], 2, tokens));
      Matrix y = Matrix.zeros(2 * tokens, SPEC.hidden());
      int[] rows = new int[2 * tokens];
      Arrays.setAll(rows, i -> i / tokens * 6 + piece[i % tokens]);
      for (int i = 0; i < rows.length; i++) {
        Matrix row = Inputs.rows(x, rows[i], 1);
        System.arraycopy(
            row.data(), row.offset(), y.data(), y.offset() + i * SPEC.hidden(), SPEC.hidden());
      }
      layer.run(y);
      assertThat(want.rows(rows).worst(y)).isBetween(0.0, 1.0);
    }
  }

  @Test
  void refusesTokensThatAreNotPlaced() {
    Meter meter = new Meter(false);
    ShardedLayer layer = layer(Tokens.prompts(1, 4), new PromptCore(Variant.SCALAR, meter), meter);
    assertThatThrownBy(() -> layer.run(Inputs.uniform(1, 5, SPEC.hidden())))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("linears must have the tokens that were placed: tokens=5 placed=4");
    ShardedLayer cached =
        layer(Tokens.prompts(1, 4), new CacheCore(new KvSequence[0], Variant.SCALAR, meter), meter);
    assertThatThrownBy(() -> cached.run(Inputs.uniform(1, 4, SPEC.hidden())))
        .hasMessage("every sequence must have a cache: sequences=1 caches=0");
  }
}
