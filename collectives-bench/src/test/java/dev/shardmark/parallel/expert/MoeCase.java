package dev.shardmark.parallel.expert;

import dev.shardmark.kernels.Kernels;
import dev.shardmark.kernels.Matrix;
import dev.shardmark.kernels.Variant;
import dev.shardmark.kernels.gemm.Op;
import dev.shardmark.kernels.gemm.PackedMatrix;
import dev.shardmark.kernels.moe.Permutation;
import dev.shardmark.kernels.moe.Routing;
import dev.shardmark.kernels.moe.RoutingRule;
import dev.shardmark.parallel.LayerSpec;
import dev.shardmark.parallel.LayerWeightSource;
import dev.shardmark.parallel.Meter;
import java.util.Arrays;
import java.util.List;
import java.util.Random;

/**
 * Experts of a small layer, and the tokens of each of its parts: what an unsharded layer makes of
 * them, by the same kernels but none of the code that is tested.
 *
 * @param tokens of each part
 * @param tied whether experts 2 i and 2 i + 1 have equal logits
 */
record MoeCase(LayerSpec spec, Variant variant, boolean tied, int... tokens) {
  static final LayerWeightSource SOURCE = new LayerWeightSource(7, 3);
  private static final int HIDDEN = 16;
  private static final int WIDTH = 12;

  static MoeCase of(
      int experts, int topK, int shared, RoutingRule rule, Variant variant, int... tokens) {
    LayerSpec spec =
        LayerSpec.dense(HIDDEN, 2, 2, 8, WIDTH).withExperts(experts, topK, shared, rule);
    return new MoeCase(spec, variant, false, tokens);
  }

  MoeCase withTies() {
    return new MoeCase(spec, variant, true, tokens);
  }

  int first(int part) {
    return Arrays.stream(tokens, 0, part).sum();
  }

  /** The tokens of one part. */
  Matrix x(int part) {
    return x(first(part), tokens[part]);
  }

  /** The tokens of all. */
  Matrix x() {
    return x(0, first(tokens.length));
  }

  private static Matrix x(int first, int count) {
    Matrix x = Matrix.zeros(count, HIDDEN);
    for (int t = 0; t < count; t++) {
      Random random = new Random(1_000_003L * (first + t));
      for (int j = 0; j < HIDDEN; j++) {
        x.data()[x.offset() + t * HIDDEN + j] = (float) random.nextGaussian();
      }
    }
    return x;
  }

  ExpertWeights weights(ExpertPlacement placement, int rank) {
    return router(ExpertWeights.of(spec, SOURCE, placement, rank));
  }

  ExpertWeights columns(int shards, int shard) {
    return router(ExpertWeights.columns(spec, SOURCE, shards, shard));
  }

  /** All weights on one rank. */
  ExpertWeights whole() {
    return weights(ExpertPlacement.contiguous(spec.experts(), 1), 0);
  }

  private ExpertWeights router(ExpertWeights w) {
    if (!tied) {
      return w;
    }
    Matrix router = w.router().unpacked();
    for (int at = 1; at < HIDDEN * spec.experts(); at += 2) {
      router.data()[router.offset() + at] = router.data()[router.offset() + at - 1];
    }
    return new ExpertWeights(
        w.placement(),
        w.rank(),
        PackedMatrix.of(Op.PLAIN, router),
        w.gateUp(),
        w.down(),
        w.sharedGateUp(),
        w.sharedDown());
  }

  Assignment topK(ExpertWeights weights, Meter meter) {
    return new TopKAssignment(spec, weights.router(), variant, meter);
  }

  /** Top-k of all tokens at once. */
  Routing routing() {
    Matrix x = x();
    Matrix logits = Matrix.zeros(x.rows(), spec.experts());
    Kernels.groupedGemm(variant)
        .multiply(x, new int[] {0, x.rows()}, List.of(whole().router()), logits);
    Routing routing = Routing.zeros(x.rows(), spec.topK());
    Kernels.router(variant, spec.rule()).route(logits, null, routing);
    return routing;
  }

  /** The routings of parts, one behind the other. */
  static Routing join(List<Routing> parts) {
    int tokens = parts.stream().mapToInt(Routing::tokens).sum();
    Routing all = Routing.zeros(tokens, parts.getFirst().topK());
    int at = 0;
    for (Routing part : parts) {
      System.arraycopy(part.expert(), 0, all.expert(), at, part.choices());
      System.arraycopy(part.weight(), 0, all.weight(), at, part.choices());
      at += part.choices();
    }
    return all;
  }

  static Routing slice(Routing all, int first, int count) {
    int from = first * all.topK();
    int to = from + count * all.topK();
    return new Routing(
        count,
        all.topK(),
        Arrays.copyOfRange(all.expert(), from, to),
        Arrays.copyOfRange(all.weight(), from, to));
  }

  /** The routing of each part. */
  List<Routing> parts(Routing all) {
    Routing[] parts = new Routing[tokens.length];
    Arrays.setAll(parts, part -> slice(all, first(part), tokens[part]));
    return List.of(parts);
  }

  /** What the layer adds to all tokens. */
  Matrix unsharded(Routing routing) {
    ExpertWeights w = whole();
    Matrix x = x();
    Permutation permutation = new Permutation(spec.experts());
    permutation.sort(routing);
    Matrix rows = Matrix.zeros(permutation.rows(), HIDDEN);
    permutation.gather(x, rows);
    Matrix results = mlp(rows, permutation.offset(), w.gateUp(), w.down());
    Matrix y = Matrix.zeros(x.rows(), HIDDEN);
    Kernels.combine(variant).combine(results, routing, permutation, y);
    if (w.sharedGateUp() != null) {
      int[] all = {0, x.rows()};
      Matrix shared = mlp(x, all, List.of(w.sharedGateUp()), List.of(w.sharedDown()));
      Kernels.residualAdd(variant).add(shared, y);
    }
    return y;
  }

  private Matrix mlp(
      Matrix rows, int[] offset, List<PackedMatrix> gateUp, List<PackedMatrix> down) {
    int width = down.getFirst().rows();
    Matrix room = Matrix.zeros(1 + rows.rows(), 2 * width); // a part of no row starts inside
    Matrix both = new Matrix(room.data(), room.offset(), rows.rows(), 2 * width, 2 * width);
    Kernels.groupedGemm(variant).multiply(rows, offset, gateUp, both);
    Matrix gate = new Matrix(both.data(), both.offset(), rows.rows(), width, 2 * width);
    Matrix up = new Matrix(both.data(), both.offset() + width, rows.rows(), width, 2 * width);
    Matrix active = Matrix.zeros(rows.rows(), width);
    Kernels.swiGlu(variant).apply(gate, up, active);
    Matrix results = Matrix.zeros(rows.rows(), HIDDEN);
    Kernels.groupedGemm(variant).multiply(active, offset, down, results);
    return results;
  }

  @Override
  public String toString() {
    return "experts="
        + spec.experts()
        + " topK="
        + spec.topK()
        + " shared="
        + spec.sharedWidth()
        + " rule="
        + spec.rule()
        + " "
        + variant
        + " tokens="
        + Arrays.toString(tokens);
  }
}
