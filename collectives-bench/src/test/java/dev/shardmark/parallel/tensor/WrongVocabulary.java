package dev.shardmark.parallel.tensor;

import dev.shardmark.collectives.Rank;
import dev.shardmark.collectives.ReduceOp;
import dev.shardmark.kernels.Kernels;
import dev.shardmark.kernels.Matrix;
import dev.shardmark.kernels.Variant;
import dev.shardmark.kernels.loss.Partials;
import dev.shardmark.parallel.TokenExchange;

/** A vocabulary that is split wrongly, in one way. */
final class WrongVocabulary extends VocabularyTrial.Parts {
  /** What is wrong. */
  enum Fault {
    MU10_REMAINDER_LOST("an id"),
    MU10_REMAINDER_PADDED("an id"),
    MU11_LOCAL_MAXIMUM("loss"),
    MU12_NORMALISED_OVER_THE_LOCAL_PART("loss"),
    MU41_FOREIGN_IDS_NOT_MASKED("embedding"),
    TARGET_OF_ONE_RANK("loss"),
    TARGET_COUNTED_FROM_THE_FIRST_OF_THE_RANK("loss");

    private final String says;

    Fault(String says) {
      this.says = says;
    }

    String says() {
      return says;
    }
  }

  private final Fault fault;

  WrongVocabulary(Fault fault) {
    this.fault = fault;
  }

  @Override
  int[] ids(VocabularyShard right) {
    int all = right.vocabulary();
    return switch (fault) {
      case MU10_REMAINDER_LOST -> {
        int each = all / right.ranks();
        yield new int[] {right.rank() * each, each};
      }
      case MU10_REMAINDER_PADDED -> { // the last rank is moved back, to have as many
        int each = Math.ceilDiv(all, right.ranks());
        yield new int[] {Math.min(right.rank() * each, all - each), each};
      }
      default -> super.ids(right);
    };
  }

  @Override
  void lookUp(
      VocabularyEmbedding right,
      VocabularyShard shard,
      Matrix table,
      int[] ids,
      Matrix y,
      TokenExchange exchange) {
    if (fault != Fault.MU41_FOREIGN_IDS_NOT_MASKED) {
      right.lookUp(ids, y);
      return;
    }
    for (int i = 0; i < ids.length; i++) {
      int row = Math.clamp(ids[i] - shard.first(), 0, table.rows() - 1);
      int from = table.offset() + row * table.rowStride();
      System.arraycopy(table.data(), from, y.data(), y.offset() + i * y.cols(), y.cols());
    }
    exchange.leave(y, y);
  }

  @Override
  float losses(
      VocabularyLoss right,
      Rank rank,
      VocabularyShard shard,
      Matrix logits,
      int[] targets,
      float[] loss) {
    boolean ofLoss =
        switch (fault) {
          case MU11_LOCAL_MAXIMUM,
              MU12_NORMALISED_OVER_THE_LOCAL_PART,
              TARGET_OF_ONE_RANK,
              TARGET_COUNTED_FROM_THE_FIRST_OF_THE_RANK ->
              true;
          default -> false;
        };
    if (!ofLoss) {
      return right.losses(logits, targets, loss);
    }
    int rows = logits.rows();
    boolean relative = fault == Fault.TARGET_COUNTED_FROM_THE_FIRST_OF_THE_RANK;
    Partials partials = Partials.ofRows(rows);
    Kernels.crossEntropy(Variant.SCALAR)
        .partials(logits, relative ? 0 : shard.first(), shard.vocabulary(), targets, partials);
    if (fault != Fault.MU11_LOCAL_MAXIMUM) {
      float[] largest = new float[rows];
      rank.allReduce(partials.largest(), 0, largest, 0, rows, ReduceOp.MAX);
      partials.rescale(largest);
    }
    if (fault != Fault.MU12_NORMALISED_OVER_THE_LOCAL_PART) {
      rank.allReduce(partials.sum(), 0, rows, ReduceOp.SUM);
    }
    if (fault != Fault.TARGET_OF_ONE_RANK) {
      rank.allReduce(partials.target(), 0, rows, ReduceOp.SUM);
    }
    return partials.losses(targets, loss);
  }
}
