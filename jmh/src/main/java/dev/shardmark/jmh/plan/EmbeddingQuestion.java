package dev.shardmark.jmh.plan;

import dev.shardmark.jmh.EmbeddingShape;
import dev.shardmark.kernels.Work;
import dev.shardmark.kernels.embedding.Embedding;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;

/** How fast one core looks up the rows of token ids. */
final class EmbeddingQuestion extends ShapesQuestion {
  EmbeddingQuestion() {
    super(
        "EmbeddingBenchmark.lookUp",
        "127x1003x1023",
        "512x32000x4096",
        List.of("127x1003x1023", "1x32000x4096", "512x32000x4096", "8192x32000x4096"));
  }

  @Override
  public Optional<PlannedRow> row(SortedMap<String, String> parameters) {
    Question.checkOwn(parameters.get("variant"));
    EmbeddingShape s = EmbeddingShape.of(parameters.get("shape"));
    Work work = Embedding.work(s.count(), s.different(), s.model());
    return Optional.of(
        PlannedRow.onOneCore(
            benchmark(), parameters, work, work.bytes() + 4L * s.vocabulary() * s.model()));
  }
}
