package dev.shardmark.parallel.context;

import static org.assertj.core.api.Assertions.assertThat;

import dev.shardmark.collectives.Communicator;
import dev.shardmark.collectives.RankGroup;
import dev.shardmark.kernels.Matrix;
import dev.shardmark.kernels.attention.Attention;
import dev.shardmark.kernels.attention.Heads;
import dev.shardmark.kernels.attention.ScalarAttention;
import dev.shardmark.parallel.AttentionCore;
import dev.shardmark.parallel.Meter;
import dev.shardmark.parallel.context.ContextHarness.Maker;
import dev.shardmark.parallel.context.ContextHarness.Places;
import dev.shardmark.parallel.context.PromptCoresTest.WholeCore;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The check is itself checked: each of these cores is wrong in one way. */
@Timeout(60)
class PromptCheckTest {
  private static final int RANKS = 4;
  private static final int DIM = 8;
  private static final Duration DEADLINE = Duration.ofSeconds(30);
  private static final List<Integer> TOKENS = List.of(4 * RANKS, 2 * RANKS);

  /** Those of the list of mutations have their ids. */
  private enum Fault {
    MU26_POSITIONS_OF_RUNS_FOR_ZIGZAG,
    /** Rank r has the chunks r and r + c. */
    MU33_CHUNKS_NOT_MIRRORED,
    MU27_MASK_IN_THE_WRONG_STEP,
    MU27_NO_MASK,
    /** The first query of a stripe sees nothing of any other. */
    MU27_STRIPES_SHIFTED_TWICE,
    MU28_MERGED_WITHOUT_WEIGHTS,
    MU51_SUMS_NOT_DIVIDED,
    KEYS_NOT_PASSED_ON,
    MU32_SPLIT_BY_HEAD_SIZE,
    /** Rank u gets key head u mod k. */
    MU13_KEY_HEADS_DEALT_IN_TURN,
    MU45_GROUPS_SWAPPED
  }

  @ParameterizedTest
  @EnumSource
  @Tag("kill-list")
  void wrongPromptsAreRejected(Fault fault) {
    assertThat(prompt(fault)).contains("error over bound");
  }

  private static String prompt(Fault fault) {
    Attention right = new ScalarAttention();
    Placement zigzag = Placement.ZIGZAG;
    return switch (fault) {
      case MU26_POSITIONS_OF_RUNS_FOR_ZIGZAG ->
          rotated(ContextHarness.places(Placement.CONTIGUOUS, RANKS));
      case MU33_CHUNKS_NOT_MIRRORED -> ring(zigzag, notMirrored(), right, false);
      case MU27_MASK_IN_THE_WRONG_STEP -> ring(zigzag, wrongStep());
      case MU27_NO_MASK ->
          ring(zigzag, (s, causal, q, k, v, o, l) -> right.attend(s, false, q, k, v, o, l));
      case MU27_STRIPES_SHIFTED_TWICE -> ring(Placement.STRIPED, shiftedTwice());
      case MU28_MERGED_WITHOUT_WEIGHTS ->
          ring(
              zigzag,
              (s, causal, q, k, v, o, l) -> {
                right.attend(s, causal, q, k, v, o, l);
                fill(l, 0);
              });
      case MU51_SUMS_NOT_DIVIDED ->
          ring(
              zigzag,
              (s, causal, q, k, v, o, l) -> {
                right.attend(s, causal, q, k, v, o, l);
                timesSum(o, l);
              });
      case KEYS_NOT_PASSED_ON -> ring(zigzag, ContextHarness.places(zigzag, RANKS), right, true);
      case MU32_SPLIT_BY_HEAD_SIZE ->
          ulysses(
              RANKS, (ranks, shape, meter) -> new SplitByHeadSize(ulysses(ranks, shape, meter)));
      case MU13_KEY_HEADS_DEALT_IN_TURN ->
          ulysses(2, (ranks, shape, meter) -> ulysses(keysInTurn(ranks), shape, meter));
      case MU45_GROUPS_SWAPPED -> hybrid(true);
    };
  }

  @Test
  void theSameCoresWithoutFaultsPass() {
    Attention right = new ScalarAttention();
    assertThat(rotated(ContextHarness.places(Placement.ZIGZAG, RANKS))).isNull();
    for (Placement placement : Placement.values()) {
      assertThat(ring(placement, right)).isNull();
    }
    assertThat(ulysses(RANKS, PromptCheckTest::ulysses)).isNull();
    assertThat(ulysses(2, PromptCheckTest::ulysses)).isNull();
    assertThat(hybrid(false)).isNull();
  }

  private static AttentionShape shape(int kvHeads) {
    return new AttentionShape(TOKENS, 4, kvHeads, DIM);
  }

  /** A ring over zigzag chunks whose q and k are rotated on the ranks. */
  private static String rotated(Places rotation) {
    Prompt plain = Prompt.random(shape(2), 1);
    Places places = ContextHarness.places(Placement.ZIGZAG, RANKS);
    try (RankGroup group = RankGroup.open(RANKS, DEADLINE)) {
      Heads[] o =
          ContextHarness.run(
                  group,
                  plain,
                  places,
                  rotation,
                  (context, meter) ->
                      new RingCore(
                          context, Placement.ZIGZAG, shape(2), new ScalarAttention(), meter))
              .o();
      return ContextHarness.fault(
          plain.rotated(), o, RANKS, places, ContextHarness.ring(Placement.ZIGZAG, RANKS));
    }
  }

  private static String ring(Placement placement, Attention kernel) {
    return ring(placement, ContextHarness.places(placement, RANKS), kernel, false);
  }

  /** The kernel keeps scratch, so that the ranks take turns with it. */
  private static String ring(
      Placement placement, Places places, Attention kernel, boolean keepsKeys) {
    Attention inTurn =
        (s, causal, q, k, v, o, l) -> {
          synchronized (kernel) {
            kernel.attend(s, causal, q, k, v, o, l);
          }
        };
    Prompt prompt = Prompt.random(shape(2), 1);
    Maker maker =
        (context, meter) ->
            new RingCore(
                keepsKeys ? keepingKeys(context) : context, placement, shape(2), inTurn, meter);
    try (RankGroup group = RankGroup.open(RANKS, DEADLINE)) {
      return ContextHarness.fault(
          prompt,
          ContextHarness.run(group, prompt, places, maker).o(),
          RANKS,
          places,
          ContextHarness.ring(placement, RANKS));
    }
  }

  private static Places notMirrored() {
    return (tokens, rank) -> {
      int chunk = tokens / (2 * RANKS);
      return IntStream.concat(
              IntStream.range(rank * chunk, (rank + 1) * chunk),
              IntStream.range((RANKS + rank) * chunk, (RANKS + rank + 1) * chunk))
          .toArray();
    };
  }

  /** Masks what should be seen whole, and shows what should be masked. */
  private static Attention wrongStep() {
    Attention right = new ScalarAttention();
    return (s, causal, q, k, v, o, l) -> right.attend(s, !causal, q, k, v, o, l);
  }

  /** What stripes see of others has fewer keys than queries here; their own has not. */
  private static Attention shiftedTwice() {
    Attention right = new ScalarAttention();
    return (s, causal, q, k, v, o, l) -> {
      boolean others = q.tokens() * RANKS != TOKENS.get(0) && q.tokens() * RANKS != TOKENS.get(1);
      int keys = others ? k.tokens() - 1 : k.tokens();
      right.attend(s, causal, q, k.slice(0, keys), v.slice(0, keys), o, l);
    };
  }

  static void fill(Matrix lse, float value) {
    for (int i = 0; i < lse.rows(); i++) {
      int at = lse.offset() + i * lse.rowStride();
      Arrays.fill(lse.data(), at, at + lse.cols(), value);
    }
  }

  static void timesSum(Heads o, Matrix lse) {
    for (int i = 0; i < o.tokens(); i++) {
      for (int h = 0; h < o.heads(); h++) {
        for (int d = 0; d < o.headDim(); d++) {
          o.data()[o.index(i, h) + d] *= (float) Math.exp(lse.at(i, h));
        }
      }
    }
  }

  /** What a call does before the right thing. */
  private interface Before {
    void call(String method, Object[] arguments);
  }

  private static Communicator after(Communicator right, Before before) {
    return (Communicator)
        Proxy.newProxyInstance(
            Communicator.class.getClassLoader(),
            new Class<?>[] {Communicator.class},
            (proxy, method, arguments) -> {
              before.call(method.getName(), arguments);
              return method.invoke(right, arguments);
            });
  }

  /** A ring in which a rank hands on its own K and V in every step, so that it sees one twice. */
  private static Communicator keepingKeys(Communicator right) {
    float[][] own = new float[1][];
    return after(
        right,
        (method, arguments) -> {
          if (method.equals("sendReceive")) {
            own[0] = own[0] == null ? ((float[]) arguments[1]).clone() : own[0];
            arguments[1] = own[0];
          }
        });
  }

  /** Of 2 key heads, ranks 1 and 2 get each other's: 0, 1, 0, 1 and not 0, 0, 1, 1. */
  private static Communicator keysInTurn(Communicator right) {
    int[] calls = new int[1];
    return after(
        right,
        (method, arguments) -> {
          if (!method.equals("allToAllV")) {
            return;
          }
          int which = calls[0]++ % 4;
          if (which == 1 || which == 2) {
            float[] message = (float[]) arguments[0];
            int length = ((int[]) arguments[2])[0];
            float[] kept = Arrays.copyOfRange(message, length, 2 * length);
            System.arraycopy(message, 2 * length, message, length, length);
            System.arraycopy(kept, 0, message, 2 * length, length);
          }
        });
  }

  private interface UlyssesMaker {
    AttentionCore of(Communicator ranks, AttentionShape shape, Meter meter);
  }

  private static AttentionCore ulysses(Communicator ranks, AttentionShape shape, Meter meter) {
    return new UlyssesCore(ranks, shape, new WholeCore(new ScalarAttention()), meter);
  }

  private static String ulysses(int kvHeads, UlyssesMaker maker) {
    Prompt prompt = Prompt.random(shape(kvHeads), 1);
    Places places = ContextHarness.places(Placement.CONTIGUOUS, RANKS);
    try (RankGroup group = RankGroup.open(RANKS, DEADLINE)) {
      Heads[] o =
          ContextHarness.run(
                  group,
                  prompt,
                  places,
                  (context, meter) -> maker.of(context, prompt.shape(), meter))
              .o();
      return ContextHarness.fault(prompt, o, RANKS, places, ContextHarness::whole);
    }
  }

  /** Every rank gets a piece of every head, and takes the pieces together for whole heads. */
  private record SplitByHeadSize(AttentionCore right) implements AttentionCore {
    @Override
    public void attend(Heads[] q, Heads[] k, Heads[] v, Heads[] o) {
      Heads[] mixed = Arrays.stream(o).map(SplitByHeadSize::empty).toArray(Heads[]::new);
      right.attend(mixed(q), mixed(k), mixed(v), mixed);
      for (int i = 0; i < o.length; i++) {
        exchange(o[i], mixed[i], false);
      }
    }

    private static Heads[] mixed(Heads[] all) {
      return Arrays.stream(all)
          .map(
              x -> {
                Heads y = empty(x);
                exchange(x, y, true);
                return y;
              })
          .toArray(Heads[]::new);
    }

    private static Heads empty(Heads x) {
      return Heads.zeros(x.tokens(), x.heads(), x.headDim());
    }

    /** Between heads and a dense view of the pieces for rank 0, those for rank 1, and so on. */
    private static void exchange(Heads heads, Heads pieces, boolean toPieces) {
      int piece = DIM / RANKS;
      for (int t = 0; t < heads.tokens(); t++) {
        for (int h = 0; h < heads.heads(); h++) {
          for (int d = 0; d < DIM; d++) {
            int at = heads.index(t, h) + d;
            int to = (d / piece * heads.heads() + h) * piece + d % piece;
            int mixedAt = pieces.index(t, 0) + to;
            if (toPieces) {
              pieces.data()[mixedAt] = heads.data()[at];
            } else {
              heads.data()[at] = pieces.data()[mixedAt];
            }
          }
        }
      }
    }
  }

  /** Two by two ranks, so that swapped groups fit. */
  private static String hybrid(boolean swapped) {
    Placement placement = Placement.CONTIGUOUS;
    Prompt prompt = Prompt.random(shape(2), 1);
    Places places =
        (tokens, rank) -> HybridCore.positions(tokens, placement, rank % 2, 2, rank / 2, 2);
    try (RankGroup group = RankGroup.open(RANKS, DEADLINE)) {
      Heads[] o =
          ContextHarness.run(
                  group,
                  prompt,
                  places,
                  (world, meter) -> {
                    Communicator inside = world.split(world.rank() / 2, world.rank());
                    Communicator outside = world.split(world.rank() % 2, world.rank());
                    return new HybridCore(
                        swapped ? outside : inside,
                        swapped ? inside : outside,
                        placement,
                        prompt.shape(),
                        new ScalarAttention(),
                        meter);
                  })
              .o();
      return ContextHarness.fault(
          prompt,
          o,
          RANKS,
          places,
          (tokens, rank, position) ->
              ContextHarness.ring(placement, 2).of(tokens, rank / 2, position));
    }
  }
}
