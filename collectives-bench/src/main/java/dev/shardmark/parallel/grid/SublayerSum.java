package dev.shardmark.parallel.grid;

import dev.shardmark.kernels.Kernels;
import dev.shardmark.kernels.Matrix;
import dev.shardmark.kernels.Variant;
import dev.shardmark.kernels.activation.ResidualAdd;
import dev.shardmark.kernels.layer.LayerOperation;
import dev.shardmark.parallel.Meter;
import dev.shardmark.parallel.Sublayer;
import dev.shardmark.parallel.TokenBuffer;

/** What two sublayers add to the same tokens: experts that are dealt, and one that is split. */
final class SublayerSum implements Sublayer {
  private final Sublayer first;
  private final Sublayer second;
  private final ResidualAdd add;
  private final Meter meter;
  private final TokenBuffer more;

  SublayerSum(Sublayer first, Sublayer second, int hidden, Variant variant, Meter meter) {
    this.first = first;
    this.second = second;
    this.meter = meter;
    add = Kernels.residualAdd(variant);
    more = new TokenBuffer(hidden);
  }

  @Override
  public void apply(Matrix normed, Matrix added) {
    Matrix part = more.rows(added.rows());
    first.apply(normed, added);
    second.apply(normed, part);
    long startNs = meter.now();
    add.add(part, added);
    meter.computed(LayerOperation.COMBINE, startNs);
  }
}
