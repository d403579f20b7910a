package dev.shardmark.kernels.sampling;

import dev.shardmark.kernels.Matrix;

/** {@link BeamStep} from a way to scan: beam after beam, against the least of the best so far. */
abstract class RowwiseBeamStep implements BeamStep {
  private final Scan scan;

  private final Largest largest = new Largest();

  RowwiseBeamStep(Scan scan) {
    this.scan = scan;
  }

  @Override
  public final void best(Matrix logProbs, float[] scores, int[] beam, int[] token, float[] score) {
    BeamStep.checkOperands(logProbs, scores, beam, token, score);
    int wanted = beam.length;
    int n = logProbs.cols();
    largest.keep(wanted);
    for (int b = 0; b < logProbs.rows() && wanted > 0; b++) {
      int at = logProbs.offset() + b * logProbs.rowStride();
      largest.offer(scan, logProbs.data(), at, n, scores[b], b * n);
    }
    largest.sort();
    for (int i = 0; i < wanted; i++) {
      boolean found = i < largest.size();
      beam[i] = found ? largest.id(i) / n : -1;
      token[i] = found ? largest.id(i) % n : -1;
      score[i] = found ? largest.value(i) : Float.NEGATIVE_INFINITY;
    }
  }
}
