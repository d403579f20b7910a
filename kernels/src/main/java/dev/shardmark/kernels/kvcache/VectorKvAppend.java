package dev.shardmark.kernels.kvcache;

import dev.shardmark.kernels.math.Bf16;

/** {@link KvAppend} with the Vector API, where elements are rounded. */
public final class VectorKvAppend extends PanelwiseKvAppend {
  @Override
  void round(float[] x, int from, short[] to, int at, int count) {
    Bf16.round(x, from, to, at, count);
  }
}
