package dev.shardmark.parallel.context;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.shardmark.collectives.Communicator;
import dev.shardmark.collectives.RankFailedException;
import dev.shardmark.collectives.RankGroup;
import dev.shardmark.collectives.Transport;
import dev.shardmark.kernels.Kernels;
import dev.shardmark.kernels.Matrix;
import dev.shardmark.kernels.Variant;
import dev.shardmark.kernels.attention.Attention;
import dev.shardmark.kernels.attention.Heads;
import dev.shardmark.kernels.attention.ScalarAttention;
import dev.shardmark.parallel.AttentionCore;
import dev.shardmark.parallel.Meter;
import dev.shardmark.parallel.context.ContextHarness.Parts;
import dev.shardmark.parallel.context.ContextHarness.Places;
import dev.shardmark.parallel.context.ContextHarness.Result;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Prompts whose tokens ranks divide: right results, counted bytes and counted work. */
@Timeout(120)
class PromptCoresTest {
  private static final Duration DEADLINE = Duration.ofSeconds(30);
  private static final int DIM = 6;

  static Stream<Arguments> groups() {
    return IntStream.of(1, 2, 3, 4, 8)
        .boxed()
        .flatMap(
            ranks ->
                Stream.of(Transport.SHARED, Transport.COPYING)
                    .map(transport -> Arguments.of(ranks, transport)));
  }

  /** Sequences around the chunk sizes of a placement, one of them empty or short of ranks. */
  private static List<Integer> tokens(Placement placement, int ranks) {
    return placement == Placement.ZIGZAG
        ? List.of(4 * ranks, 0, 2 * ranks)
        : List.of(3 * ranks + 1, ranks - 1, 2 * ranks);
  }

  /** Groups of 1, 2 and 4 queries. */
  private static List<AttentionShape> shapes(List<Integer> tokens) {
    return Stream.of(4, 2, 1).map(kv -> new AttentionShape(tokens, 4, kv, DIM)).toList();
  }

  @ParameterizedTest
  @MethodSource("groups")
  void ringsAreRightAndSendWhatTheirFormulaSays(int ranks, Transport transport) {
    try (RankGroup group = RankGroup.open(ranks, DEADLINE, transport)) {
      for (Placement placement : Placement.values()) {
        for (AttentionShape shape : shapes(tokens(placement, ranks))) {
          Prompt prompt = Prompt.random(shape, ranks);
          Places places = ContextHarness.places(placement, ranks);
          Result result =
              ContextHarness.run(
                  group,
                  prompt,
                  places,
                  (context, meter) -> new RingCore(context, placement, shape, vector(), meter));
          Parts parts = ContextHarness.ring(placement, ranks);
          assertThat(ContextHarness.fault(prompt, result.o(), ranks, places, parts)).isNull();
          assertThat(result.sentBytes())
              .isEqualTo(sent(ranks, rank -> RingCore.sentBytes(shape, placement, rank, ranks)));
        }
      }
    }
  }

  @ParameterizedTest
  @MethodSource("groups")
  void gatheringIsRightAndSendsWhatItsFormulaSays(int ranks, Transport transport) {
    try (RankGroup group = RankGroup.open(ranks, DEADLINE, transport)) {
      for (Placement placement : Placement.values()) {
        for (AttentionShape shape : shapes(tokens(placement, ranks))) {
          Prompt prompt = Prompt.random(shape, ranks);
          Places places = ContextHarness.places(placement, ranks);
          Result result =
              ContextHarness.run(
                  group,
                  prompt,
                  places,
                  (context, meter) ->
                      new AllGatherCore(context, placement, shape, vector(), meter));
          Parts parts = ContextHarness::whole;
          assertThat(ContextHarness.fault(prompt, result.o(), ranks, places, parts)).isNull();
          assertThat(result.sentBytes())
              .isEqualTo(
                  sent(
                      ranks,
                      rank ->
                          AllGatherCore.sentBytes(
                              shape, placement, rank, ranks, group.algorithms().allGather())));
        }
      }
    }
  }

  /** Key heads: as many as ranks, or more, fewer, one. */
  private static List<AttentionShape> divisible(int ranks) {
    List<Integer> tokens = List.of(3 * ranks + 1, ranks - 1, 2 * ranks);
    int heads = ranks == 3 ? 12 : 8;
    return Stream.of(heads, heads / 2, heads / 4, 1)
        .filter(kv -> kv % ranks == 0 || ranks % kv == 0)
        .map(kv -> new AttentionShape(tokens, heads, kv, DIM))
        .toList();
  }

  /** Head by head the bits of the same kernel over the whole sequence. */
  @ParameterizedTest
  @MethodSource("groups")
  void ulyssesHasTheBitsOfOneRank(int ranks, Transport transport) {
    try (RankGroup group = RankGroup.open(ranks, DEADLINE, transport)) {
      for (AttentionShape shape : divisible(ranks)) {
        for (Variant variant : Variant.OWN) {
          Prompt prompt = Prompt.random(shape, ranks);
          Result result = ulysses(group, prompt, variant);
          Heads[] alone = prompt.results();
          new WholeCore(Kernels.attention(variant))
              .attend(prompt.q(), prompt.k(), prompt.v(), alone);
          for (int i = 0; i < alone.length; i++) {
            assertThat(result.o()[i].data()).as("%s %s", variant, shape).isEqualTo(alone[i].data());
          }
          assertThat(result.sentBytes())
              .isEqualTo(
                  sent(
                      ranks,
                      rank ->
                          UlyssesCore.sentBytes(
                              shape, rank, ranks, group.algorithms().allToAll())));
        }
      }
    }
  }

  private static Result ulysses(RankGroup group, Prompt prompt, Variant variant) {
    return ContextHarness.run(
        group,
        prompt,
        ContextHarness.places(Placement.CONTIGUOUS, group.size()),
        (ranks, meter) ->
            new UlyssesCore(
                ranks, prompt.shape(), new WholeCore(Kernels.attention(variant)), meter));
  }

  /** All factorisations of 8 ranks, and those of 4 and 6, with every placement of the ring. */
  @ParameterizedTest
  @MethodSource("grids")
  void hybridsAreRightWhateverTheGrid(int ulysses, int ring, Transport transport) {
    int ranks = ulysses * ring;
    try (RankGroup group = RankGroup.open(ranks, DEADLINE, transport)) {
      for (Placement placement : Placement.values()) {
        List<Integer> tokens =
            placement == Placement.ZIGZAG
                ? List.of(6 * ring, 2 * ring)
                : List.of(3 * ranks + 1, ring);
        int heads = ulysses == 3 ? 6 : 8;
        for (int kvHeads : new int[] {heads, 2, 1}) {
          if (kvHeads % ulysses != 0 && ulysses % kvHeads != 0) {
            continue;
          }
          AttentionShape shape = new AttentionShape(tokens, heads, kvHeads, DIM);
          Prompt prompt = Prompt.random(shape, ranks);
          Places places =
              (s, rank) ->
                  HybridCore.positions(s, placement, rank % ulysses, ulysses, rank / ulysses, ring);
          Result result =
              ContextHarness.run(
                  group,
                  prompt,
                  places,
                  (world, meter) -> hybrid(world, ulysses, placement, shape, meter));
          Parts parts =
              (s, rank, position) ->
                  ContextHarness.ring(placement, ring).of(s, rank / ulysses, position);
          assertThat(ContextHarness.fault(prompt, result.o(), ranks, places, parts)).isNull();
          assertThat(result.sentBytes())
              .isEqualTo(
                  sent(
                      ranks,
                      rank ->
                          HybridCore.sentBytes(
                              shape,
                              placement,
                              rank % ulysses,
                              ulysses,
                              rank / ulysses,
                              ring,
                              group.algorithms().allToAll())));
        }
      }
    }
  }

  static Stream<Arguments> grids() {
    return Stream.of(
            new int[] {1, 4},
            new int[] {2, 2},
            new int[] {4, 1},
            new int[] {2, 3},
            new int[] {3, 2},
            new int[] {1, 8},
            new int[] {2, 4},
            new int[] {4, 2},
            new int[] {8, 1})
        .flatMap(
            grid ->
                Stream.of(Transport.SHARED, Transport.COPYING)
                    .map(transport -> Arguments.of(grid[0], grid[1], transport)));
  }

  /** Ulysses ranks follow each other. */
  static HybridCore hybrid(
      Communicator world, int ulysses, Placement placement, AttentionShape shape, Meter meter) {
    Communicator inside = world.split(world.rank() / ulysses, world.rank());
    Communicator outside = world.split(world.rank() % ulysses, world.rank());
    return new HybridCore(inside, outside, placement, shape, vector(), meter);
  }

  /** What is written by hand in the literature, where everything divides. */
  @Test
  void theFormulasAreThoseOfTheLiterature() {
    int ranks = 4;
    long s = 64;
    long a = 8;
    long k = 4;
    long g = a / k;
    AttentionShape shape = new AttentionShape(List.of((int) s), (int) a, (int) k, DIM);
    try (RankGroup group = RankGroup.open(ranks, DEADLINE, Transport.COPYING)) {
      for (int rank = 0; rank < ranks; rank++) {
        long ring = 2 * s * k * DIM * Float.BYTES * (ranks - 1) / ranks;
        long ulysses = (2 * g + 2) * s * a * DIM * Float.BYTES * (ranks - 1) / (g * ranks * ranks);
        for (Placement placement : Placement.values()) {
          assertThat(RingCore.sentBytes(shape, placement, rank, ranks)).isEqualTo(ring);
          assertThat(
                  AllGatherCore.sentBytes(
                      shape, placement, rank, ranks, group.algorithms().allGather()))
              .isEqualTo(ring);
        }
        assertThat(UlyssesCore.sentBytes(shape, rank, ranks, group.algorithms().allToAll()))
            .isEqualTo(ulysses);
      }
    }
  }

  /** The kernel is called for as many pairs as the placement says, and no more. */
  @Test
  void ringsAndGatheringComputeWhatTheirFormulaSays() {
    int ranks = 4;
    try (RankGroup group = RankGroup.open(ranks, DEADLINE)) {
      for (Placement placement : Placement.values()) {
        List<Integer> tokens = tokens(placement, ranks);
        AttentionShape shape = new AttentionShape(tokens, 2, 1, DIM);
        Prompt prompt = Prompt.random(shape, 1);
        long[] want =
            sent(
                ranks,
                rank -> tokens.stream().mapToLong(s -> placement.pairs(s, rank, ranks)).sum());
        Places places = ContextHarness.places(placement, ranks);
        long[] ring = new long[ranks];
        ContextHarness.run(
            group,
            prompt,
            places,
            (context, meter) ->
                new RingCore(context, placement, shape, counting(ring, context.rank()), meter));
        long[] gather = new long[ranks];
        ContextHarness.run(
            group,
            prompt,
            places,
            (context, meter) ->
                new AllGatherCore(
                    context, placement, shape, counting(gather, context.rank()), meter));
        long[] twice = Arrays.stream(want).map(pairs -> 2 * pairs).toArray(); // two calls
        assertThat(ring).as("ring %s", placement).isEqualTo(twice);
        assertThat(gather).as("all-gather %s", placement).isEqualTo(twice);
      }
    }
  }

  private static Attention counting(long[] pairs, int rank) {
    Attention kernel = new ScalarAttention();
    return (scale, causal, q, k, v, o, lse) -> {
      pairs[rank] += Attention.visiblePairs(q.tokens(), k.tokens(), causal);
      kernel.attend(scale, causal, q, k, v, o, lse);
    };
  }

  @Test
  void plansThatDoNotDivideAreRefusedByName() {
    assertRefused(
        3,
        (context, meter) ->
            new UlyssesCore(context, shape(6, 8, 2), new WholeCore(vector()), meter),
        "ranks must divide heads: ranks=3 heads=8");
    assertRefused(
        3,
        (context, meter) ->
            new UlyssesCore(context, shape(6, 12, 2), new WholeCore(vector()), meter),
        "ranks must divide kvHeads, or be a multiple of them: ranks=3 kvHeads=2");
    assertRefused(
        3,
        (context, meter) ->
            new RingCore(context, Placement.ZIGZAG, shape(9, 8, 2), vector(), meter),
        "zigzag needs two equal chunks of a sequence for each rank, not odd chunks:"
            + " tokens=9 ranks=3");
    assertRefused(
        3,
        (context, meter) ->
            new AllGatherCore(context, Placement.ZIGZAG, shape(9, 8, 2), vector(), meter),
        "zigzag needs two equal chunks of a sequence for each rank, not odd chunks:"
            + " tokens=9 ranks=3");
    assertRefused(
        3,
        (context, meter) -> hybrid(context, 3, Placement.STRIPED, shape(9, 8, 2), meter),
        "ranks must divide heads: ranks=3 heads=8");
    assertThatThrownBy(() -> shape(9, 8, 3))
        .hasMessage("kvHeads must divide heads: heads=8 kvHeads=3");
  }

  private static AttentionShape shape(int tokens, int heads, int kvHeads) {
    return new AttentionShape(List.of(tokens), heads, kvHeads, DIM);
  }

  private static void assertRefused(int ranks, ContextHarness.Maker maker, String message) {
    try (RankGroup group = RankGroup.open(ranks, DEADLINE)) {
      assertThatThrownBy(() -> group.run(rank -> maker.of(rank, new Meter(false))))
          .isInstanceOf(RankFailedException.class)
          .hasRootCauseInstanceOf(IllegalArgumentException.class)
          .hasRootCauseMessage(message);
    }
  }

  @Test
  void operandsOfAnotherPlanAreRefused() {
    AttentionShape planned = shape(4, 2, 1);
    Prompt prompt = Prompt.random(shape(6, 2, 1), 1);
    try (RankGroup group = RankGroup.open(2, DEADLINE)) {
      assertThatThrownBy(
              () ->
                  ContextHarness.run(
                      group,
                      prompt,
                      ContextHarness.places(Placement.CONTIGUOUS, 2),
                      (context, meter) ->
                          new RingCore(context, Placement.CONTIGUOUS, planned, vector(), meter)))
          .hasRootCauseMessage(
              "operands must have the tokens and heads that were agreed on: tokens=[2] heads=2"
                  + " kvHeads=1 headDim=6");
    }
  }

  static Attention vector() {
    return Kernels.attention(Variant.VECTOR);
  }

  private interface ByRank {
    long of(int rank);
  }

  private static long[] sent(int ranks, ByRank bytes) {
    return IntStream.range(0, ranks).mapToLong(bytes::of).toArray();
  }

  /** Causal attention of a rank that has whole sequences. */
  record WholeCore(Attention kernel) implements AttentionCore {
    @Override
    public void attend(Heads[] q, Heads[] k, Heads[] v, Heads[] o) {
      for (int i = 0; i < q.length; i++) {
        float scale = (float) (1 / Math.sqrt(q[i].headDim()));
        Matrix lse = Matrix.zeros(q[i].tokens(), q[i].heads());
        kernel.attend(scale, true, q[i], k[i], v[i], o[i], lse);
      }
    }
  }
}
