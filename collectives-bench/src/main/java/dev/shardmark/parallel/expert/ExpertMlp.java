package dev.shardmark.parallel.expert;

import dev.shardmark.kernels.Kernels;
import dev.shardmark.kernels.Matrix;
import dev.shardmark.kernels.Variant;
import dev.shardmark.kernels.activation.SwiGlu;
import dev.shardmark.kernels.gemm.GroupedGemm;
import dev.shardmark.kernels.gemm.PackedMatrix;
import dev.shardmark.kernels.layer.LayerOperation;
import dev.shardmark.parallel.Meter;
import java.util.List;

/** MLPs, each of the rows of one group. */
final class ExpertMlp {
  private static final int GATE = 0;
  private static final int UP = 1;

  private final List<PackedMatrix> gateUp;
  private final List<PackedMatrix> down;
  private final GroupedGemm first;
  private final GroupedGemm second;
  private final SwiGlu swiGlu;
  private final Meter meter;
  private final RowBuffer both;
  private final RowBuffer results;

  ExpertMlp(List<PackedMatrix> gateUp, List<PackedMatrix> down, Variant variant, Meter meter) {
    this.gateUp = gateUp;
    this.down = down;
    this.meter = meter;
    first = Kernels.groupedGemm(variant);
    second = Kernels.groupedGemm(variant);
    swiGlu = Kernels.swiGlu(variant);
    both = new RowBuffer(gateUp.getFirst().cols(), 2);
    results = new RowBuffer(down.getFirst().cols(), 1);
  }

  /**
   * Of rows sorted by group, what is valid until the next call.
   *
   * @param offset first row of each group, and the number of rows at the end
   */
  Matrix apply(Matrix rows, int[] offset) {
    int count = rows.rows();
    long sinceNs = meter.now();
    first.multiply(rows, offset, gateUp, both.rows(count));
    meter.computed(LayerOperation.GATE_UP, sinceNs);
    sinceNs = meter.now();
    Matrix gate = both.part(count, GATE);
    swiGlu.apply(gate, both.part(count, UP), gate);
    meter.computed(LayerOperation.SWIGLU, sinceNs);
    sinceNs = meter.now();
    Matrix result = results.rows(count);
    second.multiply(gate, offset, down, result);
    meter.computed(LayerOperation.DOWN, sinceNs);
    return result;
  }
}
