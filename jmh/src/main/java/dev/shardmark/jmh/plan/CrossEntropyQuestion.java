package dev.shardmark.jmh.plan;

import dev.shardmark.jmh.RowShape;
import dev.shardmark.kernels.Work;
import dev.shardmark.kernels.loss.CrossEntropy;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;

/** How fast the loss of logits is on one core. */
final class CrossEntropyQuestion extends ShapesQuestion {
  /** The check keeps some arrays of one row in double. */
  private static final long SCRATCH_BYTES = 32 << 20;

  CrossEntropyQuestion() {
    super(
        "CrossEntropyBenchmark.losses",
        "127x511",
        "8x128256",
        List.of("127x511", "8x128256", "64x16032", "64x128256"));
  }

  @Override
  public Optional<PlannedRow> row(SortedMap<String, String> parameters) {
    Question.checkOwn(parameters.get("variant"));
    RowShape s = RowShape.of(parameters.get("shape"));
    Work work = CrossEntropy.work(s.rows(), s.cols());
    return Optional.of(
        PlannedRow.onOneCore(benchmark(), parameters, work, work.bytes() + SCRATCH_BYTES));
  }
}
