package dev.shardmark.parallel.oracle;

import dev.shardmark.kernels.Kernels;
import dev.shardmark.kernels.Matrix;
import dev.shardmark.kernels.Variant;
import dev.shardmark.kernels.gemm.Op;
import dev.shardmark.kernels.gemm.PackedMatrix;
import dev.shardmark.kernels.moe.Capacity;
import dev.shardmark.kernels.moe.Permutation;
import dev.shardmark.kernels.moe.Routing;
import dev.shardmark.model.Linear;
import dev.shardmark.parallel.LayerSpec;
import dev.shardmark.parallel.LayerWeightSource;
import dev.shardmark.parallel.Meter;
import dev.shardmark.parallel.Sublayer;
import dev.shardmark.parallel.tensor.Alone;
import dev.shardmark.parallel.tensor.MlpSublayer;
import java.util.List;
import java.util.stream.IntStream;

/** All experts on one rank, straight from kernels, for a comparison. */
final class WholeExperts implements Sublayer {
  private final LayerSpec spec;
  private final LayerWeightSource weights;
  private final Variant variant;
  private Routing given;
  private int capacity = Integer.MAX_VALUE;
  private boolean[][] dropped;

  WholeExperts(LayerSpec spec, LayerWeightSource weights, Variant variant) {
    this.spec = spec;
    this.weights = weights;
    this.variant = variant;
  }

  /** Goes by these choices. */
  WholeExperts given(Routing routing) {
    given = routing;
    return this;
  }

  /** Drops what experts have no room for. */
  WholeExperts capacity(int rows) {
    capacity = rows;
    return this;
  }

  /** Whether a choice of the last call was dropped. */
  boolean dropped(int token, int expert) {
    return dropped[token][expert];
  }

  @Override
  public void apply(Matrix normed, Matrix added) {
    Routing routing = given == null ? route(normed) : given;
    Permutation permutation = new Permutation(spec.experts());
    permutation.sort(routing);
    Matrix rows = Matrix.zeros(permutation.rows(), spec.hidden());
    permutation.gather(normed, rows);
    Matrix results = Matrix.zeros(rows.rows(), spec.hidden());
    experts(permutation.offset(), rows, results);
    Kernels.combine(variant).combine(results, routing, permutation, added);
    if (spec.sharedWidth() > 0) {
      Matrix shared = Matrix.zeros(added.rows(), spec.hidden());
      shared().apply(normed, shared);
      Kernels.residualAdd(variant).add(shared, added);
    }
  }

  private Routing route(Matrix normed) {
    int tokens = normed.rows();
    Matrix logits = Matrix.zeros(tokens, spec.experts());
    Matrix router = weights.whole(Linear.ROUTER, 0, spec.hidden(), spec.experts());
    multiply(normed, new int[] {0, tokens}, List.of(router), logits);
    Routing routing = Routing.zeros(tokens, spec.topK());
    Kernels.router(variant, spec.rule()).route(logits, null, routing);
    int[] before = routing.expert().clone();
    new Capacity(spec.experts()).drop(routing, capacity);
    dropped = new boolean[tokens][spec.experts()];
    for (int at = 0; at < routing.choices(); at++) {
      dropped[at / spec.topK()][before[at]] = routing.expert()[at] == Routing.DROPPED;
    }
    return routing;
  }

  private void experts(int[] offsets, Matrix rows, Matrix results) {
    int f = spec.width();
    Matrix both = Matrix.zeros(rows.rows(), 2 * f);
    multiply(rows, offsets, all(Linear.EXPERT_GATE_UP, spec.hidden(), 2 * f), both);
    Matrix gate = new Matrix(both.data(), both.offset(), both.rows(), f, 2 * f);
    Matrix up = new Matrix(both.data(), both.offset() + f, both.rows(), f, 2 * f);
    Matrix active = Matrix.zeros(rows.rows(), f);
    Kernels.swiGlu(variant).apply(gate, up, active);
    multiply(active, offsets, all(Linear.EXPERT_DOWN, f, spec.hidden()), results);
  }

  private List<Matrix> all(Linear linear, int k, int n) {
    return IntStream.range(0, spec.experts())
        .mapToObj(e -> weights.whole(linear, e, k, n))
        .toList();
  }

  private void multiply(Matrix x, int[] offsets, List<Matrix> weights, Matrix y) {
    List<PackedMatrix> packed =
        weights.stream().map(matrix -> PackedMatrix.of(Op.PLAIN, matrix)).toList();
    Kernels.groupedGemm(variant).multiply(x, offsets, packed, y);
  }

  private MlpSublayer shared() {
    int f = spec.sharedWidth();
    return new MlpSublayer(
        weights.whole(Linear.SHARED_GATE_UP, 0, spec.hidden(), 2 * f),
        weights.whole(Linear.SHARED_DOWN, 0, f, spec.hidden()),
        new Alone(),
        variant,
        new Meter(false));
  }
}
