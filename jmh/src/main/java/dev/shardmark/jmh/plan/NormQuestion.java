package dev.shardmark.jmh.plan;

import dev.shardmark.jmh.NormOperation;
import dev.shardmark.jmh.RowShape;
import dev.shardmark.kernels.Work;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;

/** How fast each normalisation of rows is on one core. */
final class NormQuestion extends OperationQuestion {
  /** Value, bound and three operands, an element. */
  private static final long REFERENCE_BYTES = 28;

  NormQuestion() {
    super(
        "NormBenchmark.normalize",
        "operation",
        List.of("rms", "add_rms", "layer"),
        List.of("512x4096", "1x4096", "512x8192", "127x1023"));
  }

  @Override
  public Optional<PlannedRow> row(SortedMap<String, String> parameters) {
    Question.checkOwn(parameters.get("variant"));
    RowShape s = RowShape.of(parameters.get("shape"));
    NormOperation operation = NormOperation.of(parameters.get("operation"));
    Work work = operation.work(s.rows(), s.cols());
    return Optional.of(
        PlannedRow.onOneCore(
            benchmark(), parameters, work, work.bytes() + REFERENCE_BYTES * s.rows() * s.cols()));
  }
}
