package dev.shardmark.parallel.tensor;

import dev.shardmark.collectives.Chunks;
import dev.shardmark.kernels.Matrix;
import dev.shardmark.model.Linear;
import dev.shardmark.model.ShardPlan;
import dev.shardmark.parallel.LayerWeightSource;
import java.util.Objects;

/**
 * Which ids of a vocabulary one of t tensor ranks has: a run of them, as many as on other ranks or
 * one more or less. t need not divide the vocabulary, and nothing is padded.
 *
 * @param vocabulary V
 * @param ranks t
 * @throws IllegalArgumentException if there is no id, or no rank
 * @throws IndexOutOfBoundsException if there is no such rank
 */
public record VocabularyShard(int vocabulary, int ranks, int rank) {
  public VocabularyShard {
    if (vocabulary < 1) {
      throw new IllegalArgumentException(
          "a vocabulary must not be empty: vocabulary=" + vocabulary);
    }
    ShardPlan.UNSHARDED.withTensor(ranks); // refuses what is no degree
    Objects.checkIndex(rank, ranks);
  }

  /** The first id of this rank. */
  public int first() {
    return Chunks.start(vocabulary, rank, ranks);
  }

  /** Ids of this rank. */
  public int count() {
    return Chunks.length(vocabulary, rank, ranks);
  }

  /** This rank's columns of the matrix from hidden to logits, (h, {@link #count}). */
  public Matrix columns(LayerWeightSource weights, int hidden) {
    return weights.part(Linear.LM_HEAD, 0, hidden, vocabulary, 0, hidden, first(), count());
  }

  /** The same transposed, the table of a model that ties the two, ({@link #count}, h). */
  public Matrix table(LayerWeightSource weights, int hidden) {
    Matrix columns = columns(weights, hidden);
    Matrix table = Matrix.zeros(count(), hidden);
    for (int id = 0; id < count(); id++) {
      for (int j = 0; j < hidden; j++) {
        table.data()[table.offset() + id * hidden + j] = columns.at(j, id);
      }
    }
    return table;
  }
}
