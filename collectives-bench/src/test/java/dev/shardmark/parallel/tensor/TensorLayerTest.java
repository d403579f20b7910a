package dev.shardmark.parallel.tensor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.shardmark.collectives.RankGroup;
import dev.shardmark.collectives.Transport;
import dev.shardmark.kernels.Matrix;
import dev.shardmark.kernels.Variant;
import dev.shardmark.parallel.Inputs;
import dev.shardmark.parallel.LayerSpec;
import dev.shardmark.parallel.sequence.ScatterExchange;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Layers split over tensor ranks against the oracle, and their bytes against the formula. */
@Timeout(120)
class TensorLayerTest {
  static final Duration DEADLINE = Duration.ofSeconds(60);
  static final LayerSpec GROUPED = LayerSpec.dense(24, 8, 4, 4, 24);
  static final LayerSpec ONE_KEY = LayerSpec.dense(22, 8, 1, 4, 16);
  static final LayerSpec THIRDS = LayerSpec.dense(20, 6, 3, 4, 21);
  static final LayerSpec NORMED = new LayerSpec(24, 8, 2, 6, true, 16, 0, 0, 0, null);

  private static final Map<String, TensorTrial> TRIALS = new LinkedHashMap<>();

  static {
    TRIALS.put("prompt", new TensorTrial(GROUPED, 0, 1, 8, false));
    TRIALS.put("two prompts", new TensorTrial(NORMED, 0, 2, 4, false));
    TRIALS.put("odd", new TensorTrial(ONE_KEY, 0, 1, 5, false));
    TRIALS.put("thirds", new TensorTrial(THIRDS, 0, 1, 6, false));
    TRIALS.put("decode", new TensorTrial(GROUPED, 7, 8, 1, false));
    TRIALS.put("decode one", new TensorTrial(NORMED, 9, 1, 1, false));
    TRIALS.put("end of a prompt", new TensorTrial(THIRDS, 5, 1, 3, false));
  }

  /** The trials that a degree splits, with and without splitting tokens. */
  private static List<TensorTrial> trials(int ranks) {
    List<TensorTrial> trials = new ArrayList<>();
    for (TensorTrial trial : TRIALS.values()) {
      if (legal(trial.spec(), ranks)) {
        trials.add(trial);
        if (trial.sequences() * trial.tokens() % ranks == 0) {
          trials.add(split(trial));
        }
      }
    }
    return trials;
  }

  private static TensorTrial split(TensorTrial t) {
    return new TensorTrial(t.spec(), t.context(), t.sequences(), t.tokens(), true);
  }

  private static boolean legal(LayerSpec s, int ranks) {
    boolean keys = s.kvHeads() % ranks == 0 || ranks % s.kvHeads() == 0;
    return s.heads() % ranks == 0 && keys && s.width() % ranks == 0;
  }

  static Stream<Arguments> groups() {
    return Stream.of(1, 2, 3, 4, 8)
        .flatMap(
            ranks ->
                Stream.of(Transport.SHARED, Transport.COPYING)
                    .map(transport -> Arguments.of(ranks, transport.parameter(), transport)));
  }

  @ParameterizedTest(name = "{0} ranks, {1}")
  @MethodSource("groups")
  void everyRankIsWithinTheBoundAndSendsWhatTheFormulaSays(
      int ranks, String carrier, Transport transport) {
    List<TensorTrial> trials = trials(ranks);
    assertThat(trials).hasSizeGreaterThan(1);
    try (RankGroup group = RankGroup.open(ranks, DEADLINE, transport)) {
      for (TensorTrial trial : trials) {
        for (Variant variant : Variant.OWN) {
          assertThat(trial.fault(group, variant, new Parts())).as("%s", variant).isNull();
        }
      }
    }
  }

  /** Both add up in the order of ranks, where memory is shared. */
  @Test
  void splittingTokensChangesNoBit() {
    TensorTrial trial = TRIALS.get("prompt");
    for (int ranks : new int[] {2, 4}) {
      try (RankGroup group = RankGroup.open(ranks, DEADLINE)) {
        Matrix[] all = trial.run(group, Variant.VECTOR, new Parts()).kept();
        Matrix[] some = split(trial).run(group, Variant.VECTOR, new Parts()).kept();
        int kept = 8 / ranks;
        for (int r = 0; r < ranks; r++) {
          assertThat(Inputs.bits(all[r])).isEqualTo(Inputs.bits(all[0]));
          assertThat(Inputs.bits(some[r]))
              .isEqualTo(Inputs.bits(Inputs.rows(all[0], r * kept, kept)));
        }
      }
    }
  }

  @Test
  void ringsSendWhatTheBookSays() {
    try (RankGroup group = RankGroup.open(4, DEADLINE, Transport.COPYING)) {
      for (boolean sequence : new boolean[] {false, true}) {
        TensorTrial trial = new TensorTrial(GROUPED, 0, 1, 8, sequence);
        long tokenBytes = 8 * 24 * Float.BYTES;
        for (long sent : trial.run(group, Variant.SCALAR, new Parts()).counted()) {
          assertThat(sent).isEqualTo(4 * 3 * tokenBytes / 4); // 4 (t - 1) / t T h w
        }
      }
    }
  }

  @Test
  void tokensMustDivide() {
    assertThatThrownBy(() -> ScatterExchange.kept(7, 2))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("tensor degree must divide the tokens that it splits: tensor=2 tokens=7");
  }
}
