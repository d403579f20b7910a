package dev.shardmark.parallel.tensor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.shardmark.collectives.RankGroup;
import dev.shardmark.collectives.Transport;
import dev.shardmark.kernels.Kernels;
import dev.shardmark.kernels.Matrix;
import dev.shardmark.kernels.Variant;
import dev.shardmark.parallel.Inputs;
import dev.shardmark.parallel.LayerWeightSource;
import dev.shardmark.parallel.Meter;
import dev.shardmark.parallel.TokenExchange;
import dev.shardmark.parallel.sequence.ScatterExchange;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Embedding, head and loss split over the vocabulary; and each of these wrong in one way. */
@Timeout(120)
class VocabularyTest {
  static Stream<Arguments> groups() {
    return Stream.of(1, 2, 3, 4, 8)
        .flatMap(
            ranks ->
                Stream.of(Transport.SHARED, Transport.COPYING)
                    .map(transport -> Arguments.of(ranks, transport.parameter(), transport)));
  }

  /** Vocabularies that divide, that leave a remainder, and that have fewer ids than ranks. */
  @ParameterizedTest(name = "{0} ranks, {1}")
  @MethodSource("groups")
  void everyRankIsRight(int ranks, String carrier, Transport transport) {
    try (RankGroup group = RankGroup.open(ranks, TensorLayerTest.DEADLINE, transport)) {
      for (int vocabulary : new int[] {40, 41, 47, 5}) {
        for (Variant variant : Variant.OWN) {
          VocabularyTrial trial = new VocabularyTrial(vocabulary, 6, 24, variant);
          assertThat(trial.fault(group, new VocabularyTrial.Parts())).isNull();
        }
      }
    }
  }

  @ParameterizedTest
  @EnumSource
  @Tag("kill-list")
  void wrongOnesAreRejected(WrongVocabulary.Fault fault) {
    try (RankGroup group = RankGroup.open(3, TensorLayerTest.DEADLINE)) {
      VocabularyTrial trial = new VocabularyTrial(41, 6, 24, Variant.VECTOR);
      assertThat(trial.fault(group, new WrongVocabulary(fault))).startsWith(fault.says());
    }
  }

  /** Found by tokens of all, kept by a half, and gathered again before the head. */
  @Test
  void tokensMayBeSplitBetween() {
    int[] ids = {3, 0, 40, 21, 20, 7};
    LayerWeightSource weights = new LayerWeightSource(5, 0);
    VocabularyShard whole = new VocabularyShard(41, 1, 0);
    Matrix table = whole.table(weights, 24);
    Matrix all = Matrix.zeros(ids.length, 24);
    Kernels.embedding(Variant.SCALAR).lookUp(table, ids, all);
    try (RankGroup group = RankGroup.open(2, TensorLayerTest.DEADLINE, Transport.COPYING)) {
      group.run(
          rank -> {
            VocabularyShard shard = new VocabularyShard(41, 2, rank.rank());
            TokenExchange exchange = new ScatterExchange(rank, 24);
            Meter meter = new Meter(false);
            Matrix kept = Matrix.zeros(3, 24);
            new VocabularyEmbedding(
                    shard, shard.table(weights, 24), exchange, Variant.VECTOR, meter)
                .lookUp(ids, kept);
            assertThat(Inputs.bits(kept))
                .isEqualTo(Inputs.bits(Inputs.rows(all, 3 * rank.rank(), 3)));
            Matrix logits =
                new VocabularyHead(shard.columns(weights, 24), exchange, Variant.VECTOR, meter)
                    .logits(kept);
            Matrix alone =
                new VocabularyHead(shard.columns(weights, 24), new Alone(), Variant.VECTOR, meter)
                    .logits(all);
            assertThat(Inputs.bits(logits)).isEqualTo(Inputs.bits(alone));
          });
    }
  }

  @Test
  void refusesWhatIsNoPart() {
    assertThatThrownBy(() -> new VocabularyShard(0, 1, 0))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("a vocabulary must not be empty: vocabulary=0");
    assertThatThrownBy(() -> new VocabularyShard(9, 0, 0))
        .hasMessage("tensor degree must be at least 1: tensor=0");
    assertThatThrownBy(
            () ->
                new VocabularyEmbedding(
                    new VocabularyShard(9, 2, 0),
                    Matrix.zeros(5, 4),
                    new Alone(),
                    Variant.SCALAR,
                    null))
        .hasMessage("a table must have a row for each id of the rank: rows=5 ids=4");
  }
}
