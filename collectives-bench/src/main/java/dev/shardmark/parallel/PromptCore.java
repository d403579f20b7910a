package dev.shardmark.parallel;

import dev.shardmark.kernels.Kernels;
import dev.shardmark.kernels.Variant;
import dev.shardmark.kernels.attention.Attention;
import dev.shardmark.kernels.attention.Heads;
import dev.shardmark.kernels.layer.LayerOperation;

/**
 * {@link AttentionCore} of whole prompts that this rank holds alone: causal, and nothing cached.
 */
public final class PromptCore implements AttentionCore {
  private final Attention attention;
  private final Meter meter;
  private final LogSums logSums = new LogSums();

  public PromptCore(Variant variant, Meter meter) {
    this.meter = meter;
    attention = Kernels.attention(variant);
  }

  @Override
  public void attend(Heads[] q, Heads[] k, Heads[] v, Heads[] o) {
    long startNs = meter.now();
    for (int s = 0; s < q.length; s++) {
      float scale = AttentionCore.scale(q[s].headDim());
      attention.attend(scale, true, q[s], k[s], v[s], o[s], logSums.of(s, q[s]));
    }
    meter.computed(LayerOperation.ATTENTION, startNs);
  }
}
