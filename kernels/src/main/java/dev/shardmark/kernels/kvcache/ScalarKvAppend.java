package dev.shardmark.kernels.kvcache;

import dev.shardmark.kernels.math.Bf16;

/** {@link KvAppend} in plain Java: an element at a time is rounded. */
public final class ScalarKvAppend extends PanelwiseKvAppend {
  @Override
  void round(float[] x, int from, short[] to, int at, int count) {
    for (int i = 0; i < count; i++) {
      to[at + i] = Bf16.round(x[from + i]);
    }
  }
}
