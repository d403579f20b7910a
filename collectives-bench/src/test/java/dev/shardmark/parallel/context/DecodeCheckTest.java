package dev.shardmark.parallel.context;

import static org.assertj.core.api.Assertions.assertThat;

import dev.shardmark.collectives.RankGroup;
import dev.shardmark.kernels.attention.CachedAttention;
import dev.shardmark.parallel.context.DecodeHarness.Result;
import dev.shardmark.parallel.context.DecodeHarness.Share;
import java.time.Duration;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The check is itself checked: cores over caches in stripes with each of these are wrong. */
@Timeout(60)
class DecodeCheckTest {
  private static final int RANKS = 4;
  private static final int DIM = 8;
  private static final Duration DEADLINE = Duration.ofSeconds(30);

  private enum Fault {
    NONE,
    MU28_MERGED_WITHOUT_WEIGHTS,
    MU51_NAN_WITHOUT_KEYS,
    MU51_SUMS_NOT_DIVIDED,
    /** The token that a query is of is not seen. */
    NEWEST_KEY_MISSED
  }

  @ParameterizedTest
  @EnumSource
  @Tag("kill-list")
  void wrongDecodesAreRejected(Fault fault) {
    String gathered = decode(fault, false);
    String replicated = decode(fault, true);
    if (fault == Fault.NONE) {
      assertThat(gathered).isNull();
      assertThat(replicated).isNull();
    } else {
      assertThat(gathered).contains("error over bound");
      assertThat(replicated).contains("error over bound");
    }
  }

  private static String decode(Fault fault, boolean replicated) {
    DecodeHarness decode = DecodeHarness.of(RANKS, 4, 2, DIM, 1);
    int sequences = decode.step().sequences();
    try (RankGroup group = RankGroup.open(RANKS, DEADLINE)) {
      Result result =
          decode.run(
              group,
              rank ->
                  replicated
                      ? decode.everything(rank)
                      : DecodeCoresTest.sequencesOf(decode, rank, RANKS),
              (ranks, meter) ->
                  replicated
                      ? new ReplicatedQueryCore(
                          ranks, decode.step(), decode.striped(ranks), wrong(fault), meter)
                      : new SequenceCacheCore(
                          ranks, decode.step(), decode.striped(ranks), wrong(fault), meter));
      if (replicated) {
        return decode.fault(result.o()[0], RANKS, 0, sequences);
      }
      for (int rank = 0; rank < RANKS; rank++) {
        Share share = DecodeCoresTest.sequencesOf(decode, rank, RANKS);
        String found = decode.fault(result.o()[rank], RANKS, share.sequence(), share.sequences());
        if (found != null) {
          return found;
        }
      }
      return null;
    }
  }

  private static CachedAttention wrong(Fault fault) {
    CachedAttention right = DecodeCoresTest.vector();
    return (s, causal, q, cache, from, to, o, l) -> {
      int seen = fault == Fault.NEWEST_KEY_MISSED ? Math.max(from, to - 1) : to;
      right.attendPart(s, causal, q, cache, from, seen, o, l);
      switch (fault) {
        case MU28_MERGED_WITHOUT_WEIGHTS ->
            PromptCheckTest.fill(l, from == to ? Float.NEGATIVE_INFINITY : 0);
        case MU51_SUMS_NOT_DIVIDED -> PromptCheckTest.timesSum(o, l);
        case MU51_NAN_WITHOUT_KEYS -> {
          if (from == to) {
            PromptCheckTest.fill(l, Float.NaN); // the log of 0 / 0
          }
        }
        default -> {}
      }
    };
  }
}
