package dev.shardmark.kernels.sampling;

import dev.shardmark.kernels.Matrix;
import java.util.Comparator;
import java.util.stream.IntStream;

/** Tells whether a beam step is right, by sorting every sum. */
public final class BeamStepCheck {
  private BeamStepCheck() {}

  /** 0 where every continuation is the right one, otherwise infinity. */
  public static double worst(
      Matrix logProbs, float[] scores, int[] beam, int[] token, float[] score) {
    BeamStep.checkOperands(logProbs, scores, beam, token, score);
    int n = logProbs.cols();
    int[] best =
        IntStream.range(0, logProbs.rows() * n)
            .filter(at -> sum(logProbs, scores, at) > Float.NEGATIVE_INFINITY)
            .boxed()
            .sorted(Comparator.comparingDouble(at -> 0.0 - sum(logProbs, scores, at))) // stable
            .mapToInt(at -> at)
            .toArray();
    for (int i = 0; i < beam.length; i++) {
      boolean found = i < best.length;
      boolean right =
          beam[i] == (found ? best[i] / n : -1)
              && token[i] == (found ? best[i] % n : -1)
              && score[i] == (found ? sum(logProbs, scores, best[i]) : Float.NEGATIVE_INFINITY);
      if (!right) {
        return Double.POSITIVE_INFINITY;
      }
    }
    return 0;
  }

  private static float sum(Matrix logProbs, float[] scores, int at) {
    int b = at / logProbs.cols();
    return scores[b] + logProbs.at(b, at % logProbs.cols());
  }
}
