package dev.shardmark.parallel.tensor;

import dev.shardmark.collectives.Rank;
import dev.shardmark.collectives.RankGroup;
import dev.shardmark.kernels.Expected;
import dev.shardmark.kernels.Matrix;
import dev.shardmark.kernels.Variant;
import dev.shardmark.kernels.loss.CrossEntropy;
import dev.shardmark.kernels.loss.CrossEntropyCheck;
import dev.shardmark.parallel.Axis;
import dev.shardmark.parallel.Inputs;
import dev.shardmark.parallel.LayerWeightSource;
import dev.shardmark.parallel.Meter;
import dev.shardmark.parallel.Metered;
import dev.shardmark.parallel.TokenExchange;
import java.util.Arrays;

/** Looks up every id, makes logits of what was found, and takes their losses, on all ranks. */
record VocabularyTrial(int vocabulary, int tokens, int hidden, Variant variant) {
  /** What a rank works with. Wrong ones make one of these another. */
  static class Parts {
    /** The ids that a rank has: the first, and how many. */
    int[] ids(VocabularyShard right) {
      return new int[] {right.first(), right.count()};
    }

    void lookUp(
        VocabularyEmbedding right,
        VocabularyShard shard,
        Matrix table,
        int[] ids,
        Matrix y,
        TokenExchange exchange) {
      right.lookUp(ids, y);
    }

    float losses(
        VocabularyLoss right,
        Rank rank,
        VocabularyShard shard,
        Matrix logits,
        int[] targets,
        float[] loss) {
      return right.losses(logits, targets, loss);
    }
  }

  private LayerWeightSource weights() {
    return new LayerWeightSource(5, 0);
  }

  private VocabularyShard whole() {
    return new VocabularyShard(vocabulary, 1, 0);
  }

  /** All ids but for the last, and one that has no loss. */
  private int[] targets(int rows) {
    int[] targets = new int[rows];
    Arrays.setAll(targets, i -> i == 1 ? CrossEntropy.IGNORED : (i * 7 + 3) % vocabulary);
    return targets;
  }

  /** Null if all ranks are right, otherwise what is not. */
  String fault(RankGroup group, Parts parts) {
    int t = group.size();
    Matrix x = Inputs.uniform(9, tokens, hidden);
    Matrix table = whole().table(weights(), hidden);
    Matrix right =
        new VocabularyHead(
                whole().columns(weights(), hidden), new Alone(), variant, new Meter(false))
            .logits(x);
    String[] faults = new String[t];
    boolean[][] has = new boolean[t][vocabulary];
    group.run(rank -> faults[rank.rank()] = fault(rank, group, parts, x, table, right, has));
    for (int id = 0; id < vocabulary; id++) {
      int of = id;
      if (Arrays.stream(has).filter(mine -> mine[of]).count() != 1) {
        return "an id is not one rank's: " + id;
      }
    }
    return Arrays.stream(faults).filter(fault -> fault != null).findFirst().orElse(null);
  }

  private String fault(
      Rank rank,
      RankGroup group,
      Parts parts,
      Matrix x,
      Matrix table,
      Matrix right,
      boolean[][] has) {
    Meter meter = new Meter(false);
    Metered tensor = new Metered(rank, Axis.TENSOR, meter);
    TokenExchange exchange = new AllReduceExchange(tensor);
    VocabularyShard shard = new VocabularyShard(vocabulary, rank.size(), rank.rank());
    int[] mine = parts.ids(shard);
    for (int id = mine[0]; id < mine[0] + mine[1]; id++) {
      has[rank.rank()][id] = true;
    }
    Matrix myTable = shard.table(weights(), hidden);
    int[] ids = new int[vocabulary];
    Arrays.setAll(ids, i -> vocabulary - 1 - i);
    Matrix found = Matrix.zeros(vocabulary, hidden);
    parts.lookUp(
        new VocabularyEmbedding(shard, myTable, exchange, variant, meter),
        shard,
        myTable,
        ids,
        found,
        exchange);
    VocabularyHead head =
        new VocabularyHead(shard.columns(weights(), hidden), exchange, variant, meter);
    Matrix logits = head.logits(x);
    int[] targets = targets(tokens);
    float[] loss = new float[tokens];
    VocabularyLoss lossOf = new VocabularyLoss(shard, tensor, variant, meter);
    float mean = parts.losses(lossOf, rank, shard, logits, targets, loss);
    String fault = embeddingFault(found, ids, table);
    fault = fault == null ? logitsFault(logits, shard.first(), right) : fault;
    if (fault == null) {
      double worst = CrossEntropyCheck.worst(right, targets, rank.size(), loss, mean);
      fault = worst <= 1 ? null : "loss over bound is " + worst;
    }
    long formula =
        AllReduceExchange.sentBytes(
                group.algorithms(), rank.size(), rank.rank(), vocabulary, hidden)
            + VocabularyLoss.sentBytes(group.algorithms(), rank.size(), rank.rank(), tokens);
    if (fault == null && meter.sentBytes(Axis.TENSOR) != formula) {
      fault = "bytes are " + meter.sentBytes(Axis.TENSOR) + ", by formula " + formula;
    }
    return fault;
  }

  private static String embeddingFault(Matrix found, int[] ids, Matrix table) {
    for (int i = 0; i < ids.length; i++) {
      for (int j = 0; j < table.cols(); j++) {
        if (found.at(i, j) != table.at(ids[i], j)) {
          return "embedding is wrong: id=" + ids[i];
        }
      }
    }
    return null;
  }

  private static String logitsFault(Matrix logits, int first, Matrix right) {
    for (int i = 0; i < logits.rows(); i++) {
      for (int j = 0; j < logits.cols(); j++) {
        if (Expected.ratio(logits.at(i, j), right.at(i, first + j), 0) != 0) {
          return "logit is wrong: id=" + (first + j);
        }
      }
    }
    return null;
  }
}
