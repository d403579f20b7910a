package dev.shardmark.parallel.context;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.shardmark.collectives.Chunks;
import dev.shardmark.collectives.RankGroup;
import dev.shardmark.collectives.Transport;
import dev.shardmark.kernels.Kernels;
import dev.shardmark.kernels.Variant;
import dev.shardmark.kernels.attention.CachedAttention;
import dev.shardmark.kernels.attention.Heads;
import dev.shardmark.parallel.Meter;
import dev.shardmark.parallel.context.DecodeHarness.Result;
import dev.shardmark.parallel.context.DecodeHarness.Share;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Decode over caches that ranks divide by token, by sequence and by head. */
@Timeout(120)
class DecodeCoresTest {
  private static final Duration DEADLINE = Duration.ofSeconds(30);
  private static final int DIM = 6;

  static Stream<Arguments> groups() {
    return PromptCoresTest.groups();
  }

  @ParameterizedTest
  @MethodSource("groups")
  void cachesInStripesAreRightAndSendWhatTheFormulaSays(int ranks, Transport transport) {
    try (RankGroup group = RankGroup.open(ranks, DEADLINE, transport)) {
      for (int kvHeads : new int[] {4, 2, 1}) {
        for (int newTokens : new int[] {1, 3}) {
          DecodeHarness decode = DecodeHarness.of(ranks, 4, kvHeads, DIM, newTokens);
          Result result =
              decode.run(
                  group,
                  rank -> sequencesOf(decode, rank, ranks),
                  (context, meter) ->
                      new SequenceCacheCore(
                          context, decode.step(), decode.striped(context), vector(), meter));
          for (int rank = 0; rank < ranks; rank++) {
            Share share = sequencesOf(decode, rank, ranks);
            assertThat(decode.fault(result.o()[rank], ranks, share.sequence(), share.sequences()))
                .isNull();
          }
          assertThat(result.sentBytes())
              .isEqualTo(
                  IntStream.range(0, ranks)
                      .mapToLong(
                          rank ->
                              SequenceCacheCore.sentBytes(
                                  decode.step(), rank, ranks, group.algorithms()))
                      .toArray());
        }
      }
    }
  }

  /** The new tokens of a run of the sequences, with all heads. */
  static Share sequencesOf(DecodeHarness decode, int rank, int ranks) {
    AttentionShape shape = decode.prompt().shape();
    int from = Chunks.start(shape.sequences(), rank, ranks);
    int count = Chunks.length(shape.sequences(), rank, ranks);
    return new Share(from, count, 0, shape.heads(), 0, shape.kvHeads());
  }

  @ParameterizedTest
  @MethodSource("groups")
  void replicatedQueriesGetTheSameBitsOnAllRanks(int ranks, Transport transport) {
    try (RankGroup group = RankGroup.open(ranks, DEADLINE, transport)) {
      for (int kvHeads : new int[] {4, 2, 1}) {
        for (int newTokens : new int[] {1, 3}) {
          DecodeHarness decode = DecodeHarness.of(ranks, 4, kvHeads, DIM, newTokens);
          Result result =
              decode.run(
                  group,
                  decode::everything,
                  (context, meter) ->
                      new ReplicatedQueryCore(
                          context, decode.step(), decode.striped(context), vector(), meter));
          int sequences = decode.prompt().shape().sequences();
          assertThat(decode.fault(result.o()[0], ranks, 0, sequences)).isNull();
          for (Heads[] others : result.o()) {
            assertSameBits(others, result.o()[0]);
          }
          assertThat(result.sentBytes())
              .isEqualTo(
                  IntStream.range(0, ranks)
                      .mapToLong(
                          rank ->
                              ReplicatedQueryCore.sentBytes(
                                  decode.step(), rank, ranks, group.algorithms().allGather()))
                      .toArray())
              .containsOnly((ranks - 1L) * sequences * newTokens * 4 * (DIM + 1) * Float.BYTES);
        }
      }
    }
  }

  /** Exchanged or cached by head, a head's new tokens get the bits that one rank gives them. */
  @ParameterizedTest
  @MethodSource("groups")
  void cachesOfWholeSequencesAndOfHeadsHaveTheBitsOfOneRank(int ranks, Transport transport) {
    int heads = ranks == 3 ? 12 : 8;
    try (RankGroup group = RankGroup.open(ranks, DEADLINE, transport)) {
      for (int kvHeads : new int[] {heads, heads / 2, heads / 4, 1}) {
        if (kvHeads % ranks != 0 && ranks % kvHeads != 0) {
          continue;
        }
        for (int newTokens : new int[] {1, 3}) {
          DecodeHarness decode = DecodeHarness.of(ranks, heads, kvHeads, DIM, newTokens);
          Result result =
              decode.run(
                  group,
                  rank -> headsOf(decode, rank, ranks),
                  (context, meter) ->
                      new BatchCacheCore(
                          context,
                          decode.step(),
                          decode.whole(sequencesOf(decode, context.rank(), ranks), vector()),
                          meter));
          Result byHead =
              decode.run(
                  group,
                  rank -> headsOf(decode, rank, ranks),
                  (context, meter) ->
                      decode.whole(headsOf(decode, context.rank(), ranks), vector()));
          Heads[] alone = alone(decode);
          assertSameBits(joined(decode, result, ranks), alone);
          assertSameBits(joined(decode, byHead, ranks), alone);
          assertThat(byHead.sentBytes()).containsOnly(0);
          assertThat(result.sentBytes())
              .isEqualTo(
                  IntStream.range(0, ranks)
                      .mapToLong(
                          rank ->
                              BatchCacheCore.sentBytes(
                                  decode.step(), rank, ranks, group.algorithms().allToAll()))
                      .toArray());
        }
      }
    }
  }

  /** All sequences, with the heads of a tensor rank. */
  private static Share headsOf(DecodeHarness decode, int rank, int ranks) {
    HeadShare share = new HeadShare(ranks, decode.prompt().shape());
    return new Share(
        0,
        decode.prompt().shape().sequences(),
        share.firstHead(rank),
        share.heads(),
        share.firstKvHead(rank),
        share.kvHeads());
  }

  private static Heads[] alone(DecodeHarness decode) {
    try (RankGroup one = RankGroup.open(1, DEADLINE)) {
      return decode.run(
              one,
              decode::everything,
              (context, meter) -> decode.whole(decode.everything(0), vector()))
          .o()[0];
    }
  }

  /** The heads of all ranks. */
  private static Heads[] joined(DecodeHarness decode, Result result, int ranks) {
    Heads[] joined = decode.prompt().results();
    for (int rank = 0; rank < ranks; rank++) {
      Share share = headsOf(decode, rank, ranks);
      for (int i = 0; i < joined.length; i++) {
        for (int t = 0; t < joined[i].tokens(); t++) {
          int at = joined[i].index(t, share.head());
          System.arraycopy(
              result.o()[rank][i].data(), at, joined[i].data(), at, share.heads() * DIM);
        }
      }
    }
    return joined;
  }

  private static void assertSameBits(Heads[] o, Heads[] expected) {
    for (int i = 0; i < o.length; i++) {
      assertThat(o[i].data()).isEqualTo(expected[i].data());
    }
  }

  /** What is written by hand in the literature, where everything divides. */
  @Test
  void theFormulasAreThoseOfTheLiterature() {
    int n = 4;
    long batch = 8;
    long a = 8;
    long k = 4;
    AttentionShape step =
        new AttentionShape(List.of(1, 1, 1, 1, 1, 1, 1, 1), (int) a, (int) k, DIM);
    try (RankGroup group = RankGroup.open(n, DEADLINE, Transport.COPYING)) {
      for (int rank = 0; rank < n; rank++) {
        assertThat(BatchCacheCore.sentBytes(step, rank, n, group.algorithms().allToAll()))
            .isEqualTo((2 * a + 2 * k) * batch * DIM * Float.BYTES * (n - 1) / (n * n));
        long gathered = batch * (a + 2 * k) * DIM * Float.BYTES * (n - 1) / n;
        long merged = batch * a * (DIM + 1) * Float.BYTES * (n - 1) / n;
        assertThat(SequenceCacheCore.sentBytes(step, rank, n, group.algorithms()))
            .isEqualTo(gathered + merged);
      }
    }
  }

  @Test
  void noRankCachesMoreThanOneTokenMore() {
    try (RankGroup group = RankGroup.open(3, DEADLINE)) {
      group.run(
          rank -> {
            DecodeHarness decode = DecodeHarness.of(3, 2, 1, DIM, 1);
            StripedCache cache = decode.striped(rank);
            for (int i = 0; i < decode.context().length; i++) {
              assertThat(cache.tokens(i)).isEqualTo(decode.context()[i]);
              assertThat(cache.part(i).tokens())
                  .isEqualTo(Placement.STRIPED.held(decode.context()[i], rank.rank(), 3))
                  .isEqualTo(cache.cached(decode.context()[i]));
            }
            cache.free(0);
            assertThat(cache.tokens(0)).isZero();
            assertThat(cache.part(0).tokens()).isZero();
          });
    }
  }

  @Test
  void headsThatDoNotDivideAreRefusedByName() {
    DecodeHarness decode = DecodeHarness.of(3, 8, 2, DIM, 1);
    try (RankGroup group = RankGroup.open(3, DEADLINE)) {
      assertThatThrownBy(
              () ->
                  group.run(
                      rank ->
                          new BatchCacheCore(
                              rank, decode.step(), (q, k, v, o) -> {}, new Meter(false))))
          .hasRootCauseInstanceOf(IllegalArgumentException.class)
          .hasRootCauseMessage("ranks must divide heads: ranks=3 heads=8");
    }
  }

  static CachedAttention vector() {
    return Kernels.cachedAttention(Variant.VECTOR);
  }
}
