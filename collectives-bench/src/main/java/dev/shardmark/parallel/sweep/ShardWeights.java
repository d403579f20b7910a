package dev.shardmark.parallel.sweep;

import dev.shardmark.parallel.LayerSpec;

/** How many weights of a layer a rank holds, and how many of these another rank holds as well. */
record ShardWeights(LayerSpec spec) {
  /** The whole layer. */
  long whole() {
    return spec.weights();
  }

  /** Of a tensor rank: a part of heads and of every width. */
  long tensor(int ranks) {
    return spec.weights(spec.attention().shard(ranks), spec.feedForward().shard(ranks, false));
  }

  /** Norms, router, and where there are more ranks than key heads, a key and a value head. */
  long tensorDuplicated(int ranks) {
    if (ranks == 1) {
      return 0;
    }
    long keyHead = ranks > spec.kvHeads() ? 2L * spec.hidden() * spec.headDim() : 0;
    long router = (long) spec.hidden() * spec.experts();
    return 2L * spec.hidden() + spec.attention().vectorWeights(spec.hidden()) + router + keyHead;
  }

  /** All routed experts. */
  long routed() {
    return 3L * spec.hidden() * spec.width() * spec.experts();
  }

  /** Of an expert rank: the layer, with its part of the routed experts. */
  long expert(int ranks) {
    return whole() - routed() + routed() / ranks;
  }
}
