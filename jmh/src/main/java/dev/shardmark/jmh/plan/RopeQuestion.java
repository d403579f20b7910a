package dev.shardmark.jmh.plan;

import dev.shardmark.jmh.RopeBenchmark;
import dev.shardmark.jmh.RopeShape;
import dev.shardmark.kernels.Work;
import dev.shardmark.kernels.rope.Rope;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;

/** How fast heads are rotated by their positions on one core. */
final class RopeQuestion extends OperationQuestion {
  /** Value and bound, an element. */
  private static final long REFERENCE_BYTES = 16;

  RopeQuestion() {
    super(
        "RopeBenchmark.rotate",
        "layout",
        List.of("half_split", "interleaved"),
        List.of("512x32x128", "1x32x128", "512x8x128", "127x7x66"));
  }

  @Override
  public Optional<PlannedRow> row(SortedMap<String, String> parameters) {
    Question.checkOwn(parameters.get("variant"));
    RopeBenchmark.layout(parameters.get("layout"));
    RopeShape s = RopeShape.of(parameters.get("shape"));
    Work work = Rope.work(s.tokens(), s.heads(), s.headDim() / 2);
    return Optional.of(
        PlannedRow.onOneCore(
            benchmark(),
            parameters,
            work,
            work.bytes() + REFERENCE_BYTES * s.tokens() * s.heads() * s.headDim()));
  }
}
