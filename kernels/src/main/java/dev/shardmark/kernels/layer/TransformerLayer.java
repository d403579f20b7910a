package dev.shardmark.kernels.layer;

import dev.shardmark.kernels.Expected;
import dev.shardmark.kernels.Kernels;
import dev.shardmark.kernels.Matrix;
import dev.shardmark.kernels.Variant;
import dev.shardmark.kernels.activation.ReferenceActivation;
import dev.shardmark.kernels.activation.ResidualAdd;
import dev.shardmark.kernels.kvcache.KvSequence;
import dev.shardmark.kernels.norm.ReferenceNorm;
import dev.shardmark.kernels.norm.RmsNorm;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * A decoder layer, {@code r = x + O(attention(rope(QKV(norm(x)))))}, {@code y = r + mlp(norm(r))},
 * as steps over buffers that are made once. With the weights of one rank of several, what it adds
 * is that rank's part of a sum, and no all-reduce follows.
 *
 * <p><b>Edge cases</b> x is read and never written, and a run leaves the caches as long as the one
 * before, so that every run does the same.
 *
 * <p><b>Error</b> each step is within the bound of its kernel's contract for what the step before
 * left, which {@link #verify} measures. How these errors grow on their way through later steps
 * depends on the weights; tests follow it element by element on small layers.
 *
 * <p><b>Work</b> {@link LayerShape#work}.
 *
 * <p><b>Threading</b> one thread, one instance per rank.
 *
 * <p><b>Source</b> A. Dubey et al., The Llama 3 Herd of Models, 2024, section 3.2; experts: A.
 * Jiang et al., Mixtral of Experts, 2024, section 2.
 */
public final class TransformerLayer {
  /** Of every norm of a layer. */
  public static final float EPS = 1e-5f;

  /** Of the angles of rotary embeddings, as in Llama 3. */
  public static final double ROPE_BASE = 500_000;

  private final Matrix input;
  private final Matrix output;
  private final List<LayerStep> steps;

  /**
   * A layer over caches that hold at least {@code context} tokens each, and have room for the new.
   *
   * @param caches one for each sequence
   * @throws IllegalArgumentException if there are more or fewer caches than sequences
   */
  public TransformerLayer(
      LayerShape s, LayerWeights weights, Variant variant, KvSequence[] caches) {
    if (caches.length != s.sequences()) {
      throw new IllegalArgumentException(
          "every sequence needs a cache: sequences=" + s.sequences() + " caches=" + caches.length);
    }
    input = Matrix.zeros(s.rows(), s.hidden());
    output = Matrix.zeros(s.rows(), s.hidden());
    Matrix normed = Matrix.zeros(s.rows(), s.hidden());
    Matrix added = Matrix.zeros(s.rows(), s.hidden());
    List<LayerStep> all = new ArrayList<>();
    RmsNorm norm = Kernels.rmsNorm(variant);
    all.add(inputNorm(norm, weights.inputNorm(), normed));
    new AttentionSteps(s, weights, caches, added).addTo(all, normed, variant);
    all.add(mlpNorm(norm, weights.mlpNorm(), added, normed));
    new MlpSteps(s, weights, added).addTo(all, normed, variant);
    all.add(residual(Kernels.residualAdd(variant), added));
    steps = List.copyOf(all);
  }

  /** x, to be filled by the caller. */
  public Matrix input() {
    return input;
  }

  /** y. */
  public Matrix output() {
    return output;
  }

  /** What a run does, one after the other. */
  public List<LayerStep> steps() {
    return steps;
  }

  /** Runs every step. */
  public void run() {
    for (int i = 0; i < steps.size(); i++) {
      steps.get(i).run().run();
    }
  }

  /** Runs every step and returns the largest error over its bound of any. */
  public double verify() {
    double worst = 0;
    for (LayerStep step : steps) {
      worst = Math.max(worst, step.verify());
    }
    return worst;
  }

  /** The residual stream starts as a copy of the input. */
  private LayerStep inputNorm(RmsNorm norm, Matrix weight, Matrix normed) {
    return LayerStep.of(
        LayerOperation.INPUT_NORM,
        () -> {
          int length = input.rows() * input.cols();
          System.arraycopy(input.data(), input.offset(), output.data(), output.offset(), length);
          norm.normalize(input, weight, EPS, normed);
        },
        () ->
            sameValues(input, output)
                ? ReferenceNorm.rms(input, weight, EPS).worst(normed)
                : Double.POSITIVE_INFINITY);
  }

  private static boolean sameValues(Matrix a, Matrix b) {
    int endA = a.offset() + a.rows() * a.cols();
    int endB = b.offset() + b.rows() * b.cols();
    return Arrays.equals(a.data(), a.offset(), endA, b.data(), b.offset(), endB);
  }

  private LayerStep mlpNorm(RmsNorm norm, Matrix weight, Matrix added, Matrix normed) {
    return new LayerStep(
        LayerOperation.MLP_NORM,
        () -> norm.addAndNormalize(added, output, weight, EPS, normed),
        () -> {
          Matrix sum = ReferenceNorm.sum(added, output);
          Expected exactly = ReferenceActivation.sum(added, output);
          return () ->
              Math.max(exactly.worst(output), ReferenceNorm.rms(sum, weight, EPS).worst(normed));
        });
  }

  private LayerStep residual(ResidualAdd add, Matrix added) {
    return new LayerStep(
        LayerOperation.RESIDUAL,
        () -> add.add(added, output),
        () -> {
          Expected sum = ReferenceActivation.sum(added, output);
          return () -> sum.worst(output);
        });
  }
}
