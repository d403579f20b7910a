package dev.shardmark.parallel.context;

import dev.shardmark.kernels.attention.Heads;

/** Some tokens in a row of a view, which is mostly the same from call to call: sliced once. */
final class TokenSlice {
  private final int from;
  private final int count;
  private Heads whole;
  private Heads slice;

  TokenSlice(int from, int count) {
    this.from = from;
    this.count = count;
  }

  Heads of(Heads x) {
    if (x != whole) {
      whole = x;
      slice = x.slice(from, count);
    }
    return slice;
  }
}
