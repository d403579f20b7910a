package dev.shardmark.jmh.plan;

import dev.shardmark.jmh.ActivationOperation;
import dev.shardmark.jmh.RowShape;
import dev.shardmark.kernels.Work;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;

/** How fast each elementwise operation between linears is on one core. */
final class ActivationQuestion extends OperationQuestion {
  /** Value, bound and three operands, an element. */
  private static final long REFERENCE_BYTES = 28;

  ActivationQuestion() {
    super(
        "ActivationBenchmark.apply",
        "operation",
        List.of("swiglu", "gelu", "gelu_tanh", "add"),
        List.of("64x14336", "1x14336", "512x14336", "127x1023"));
  }

  @Override
  public Optional<PlannedRow> row(SortedMap<String, String> parameters) {
    Question.checkOwn(parameters.get("variant"));
    RowShape s = RowShape.of(parameters.get("shape"));
    ActivationOperation operation = ActivationOperation.of(parameters.get("operation"));
    Work work = operation.work(s.rows(), s.cols());
    return Optional.of(
        PlannedRow.onOneCore(
            benchmark(), parameters, work, work.bytes() + REFERENCE_BYTES * s.rows() * s.cols()));
  }
}
