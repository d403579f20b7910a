package dev.shardmark.kernels.moe;

import static dev.shardmark.kernels.Species.LANES;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.shardmark.kernels.Kernels;
import dev.shardmark.kernels.Matrix;
import dev.shardmark.kernels.Variant;
import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Every implementation of {@link Router} against the reference. */
final class RouterTest {
  private static final float INFINITY = Float.POSITIVE_INFINITY;
  private static final float NAN = Float.NaN;
  private static final RoutingRule OF_ALL = RoutingRule.softmaxThenTopK();
  private static final RoutingRule OF_CHOSEN = RoutingRule.topKThenSoftmax();
  private static final RoutingRule GROUPS = new RoutingRule(Scoring.SIGMOID, true, 4, 2, 2.5f);

  /** The project's own implementations. */
  enum Own {
    SCALAR(ScalarRouter::new),
    VECTOR(VectorRouter::new);

    private final Function<RoutingRule, Router> maker;

    Own(Function<RoutingRule, Router> maker) {
      this.maker = maker;
    }

    Router router(RoutingRule rule) {
      return maker.apply(rule);
    }
  }

  private static Stream<RoutingRule> ungrouped() {
    return Stream.of(
        OF_ALL,
        OF_CHOSEN,
        RoutingRule.sigmoid(),
        RoutingRule.kimiK2(),
        new RoutingRule(Scoring.SOFTMAX, true, 1, 1, 1.5f));
  }

  @ParameterizedTest
  @EnumSource
  void agreesWithTheReferenceOnAllShapes(Own own) {
    int[] tokens = {0, 1, LANES - 1, LANES, LANES + 1, 2 * LANES + 3};
    for (RoutingRule rule : ungrouped().toList()) {
      Router router = own.router(rule); // one for all shapes, so that scratch grows and is reused
      for (int experts : new int[] {2, 3, 8, 64, 61, 128, 256, 384}) {
        for (int topK : new int[] {1, 2, 3, 4, 6, 7, 8, 9, 22, experts}) {
          int t = tokens[(experts + topK) % tokens.length];
          Matrix logits = RouterHarness.logits(t, experts, 42 + topK);
          float[] bias = RouterHarness.bias(experts, topK);
          if (topK <= experts) {
            assertThat(RouterHarness.fault(router, rule, logits, null, topK)).isNull();
          }
          if (topK <= experts && rule.scoring() == Scoring.SIGMOID) {
            assertThat(RouterHarness.fault(router, rule, logits, bias, topK)).isNull();
          }
        }
      }
    }
  }

  @ParameterizedTest
  @EnumSource
  void agreesOnEveryCountOfTokens(Own own) {
    Router router = own.router(OF_CHOSEN);
    for (int tokens = 0; tokens <= 3 * LANES + 1; tokens++) {
      Matrix logits = RouterHarness.logits(tokens, 16, tokens);
      assertThat(RouterHarness.fault(router, OF_CHOSEN, logits, null, 4)).isNull();
    }
  }

  @ParameterizedTest
  @EnumSource
  void agreesWithGroupsOfAllSizes(Own own) {
    int[][] shapes = {
      {8, 8, 1}, {8, 4, 4}, {4, 2, 8}, {8, 4, 8}, {2, 1, 4}, {16, 16, 5}, {3, 2, 4}
    };
    for (int[] s : shapes) {
      RoutingRule rule = new RoutingRule(Scoring.SIGMOID, s[0] % 3 != 0, s[0], s[1], 2.5f);
      Router router = own.router(rule);
      for (int size : new int[] {1, 2, 3, 24, 32}) {
        int topK = Math.min(s[2], s[1] * size);
        Matrix logits = RouterHarness.logits(LANES + 3, s[0] * size, size);
        float[] bias = RouterHarness.bias(s[0] * size, size + 1);
        assertThat(RouterHarness.fault(router, rule, logits, bias, topK)).isNull();
        assertThat(RouterHarness.fault(router, rule, logits, null, topK)).isNull();
        assertThat(RouterHarness.fault(router, rule, logits, bias, s[1] * size)).isNull();
      }
    }
  }

  @ParameterizedTest
  @EnumSource
  void equalScoresTakeTheLowerExpertFirst(Own own) {
    SplittableRandom random = new SplittableRandom(3);
    for (int experts : new int[] {8, 64, 256}) {
      float[] few = new float[experts];
      for (int e = 0; e < experts; e++) {
        few[e] = random.nextInt(3) - 1f; // so that most scores are tied
      }
      for (RoutingRule rule : Stream.concat(ungrouped(), Stream.of(GROUPS)).toList()) {
        Matrix equal = RouterHarness.row(LANES + 1, new float[experts]);
        assertThat(chosen(own, rule, equal, 3)).containsExactly(0, 1, 2);
        Matrix tied = RouterHarness.row(LANES + 1, few);
        for (int topK : new int[] {1, 2, 4}) {
          assertThat(RouterHarness.fault(own.router(rule), rule, tied, null, topK)).isNull();
          assertThat(chosen(own, rule, tied, topK))
              .containsExactly(ReferenceRouter.choose(rule, tied, null, 0, topK));
        }
      }
    }
    assertThat(chosen(own, OF_CHOSEN, RouterHarness.row(1, -1, -0f, 0, -0f), 3))
        .containsExactly(1, 2, 3);
  }

  @ParameterizedTest
  @EnumSource
  void aNaNLogitComesLastAndWeighsNothing(Own own) {
    Matrix logits = RouterHarness.row(2, NAN, 1, NAN, -2, 3);
    for (RoutingRule rule : ungrouped().toList()) {
      for (int topK = 1; topK <= 5; topK++) {
        assertThat(RouterHarness.fault(own.router(rule), rule, logits, null, topK)).isNull();
      }
      Routing routing = routed(own, rule, logits, null, 5);
      assertThat(Arrays.copyOf(routing.expert(), 5)).containsExactly(4, 1, 3, 0, 2);
      assertThat(Arrays.copyOfRange(routing.weight(), 3, 5)).containsOnly(0);
      assertThat(routing.weight()[0]).isPositive();
    }
    float[] bias = {1, -1, 1, -1, -1}; // would lift them
    assertThat(routed(own, RoutingRule.sigmoid(), logits, bias, 5).expert()).startsWith(4, 1, 3, 0);
  }

  @ParameterizedTest
  @EnumSource
  void infinitiesAndExtremesAreAsTheContractSays(Own own) {
    float[] specials = {
      INFINITY, -INFINITY, NAN, Float.MAX_VALUE, -Float.MAX_VALUE, 88.5f, -104, 0
    };
    for (RoutingRule rule : Stream.concat(ungrouped(), Stream.of(GROUPS)).toList()) {
      for (float most : specials) {
        for (float special : specials) {
          float[] row = new float[12];
          Arrays.fill(row, most);
          row[7] = special;
          for (int topK : new int[] {1, 2, 6}) {
            Matrix logits = RouterHarness.row(3, row);
            assertThat(RouterHarness.fault(own.router(rule), rule, logits, null, topK)).isNull();
          }
        }
      }
    }
    Matrix none = RouterHarness.row(1, -INFINITY, -INFINITY, -INFINITY);
    assertThat(routed(own, OF_ALL, none, null, 2).weight()).containsExactly(0, 0);
    assertThat(routed(own, OF_CHOSEN, none, null, 2).expert()).containsExactly(0, 1);
    Matrix infinite = RouterHarness.row(1, 1, INFINITY, 2);
    assertThat(routed(own, OF_CHOSEN, infinite, null, 1).weight()).containsExactly(NAN);
  }

  @ParameterizedTest
  @EnumSource
  void theBiasDecidesWhoIsChosenAndIsInNoWeight(Own own) {
    Matrix logits = RouterHarness.row(1, 0, 0, 2);
    Routing routing = routed(own, RoutingRule.sigmoid(), logits, new float[] {0, 5, 0}, 2);
    assertThat(routing.expert()).containsExactly(1, 2);
    assertThat(routing.weight()[0]).isEqualTo(0.5f);
    assertThat(routing.weight()[1]).isCloseTo(0.8807971f, within(1e-6f));
  }

  @ParameterizedTest
  @EnumSource
  void groupsAreRankedByTheirTwoBest(Own own) {
    RoutingRule rule = new RoutingRule(Scoring.SIGMOID, true, 2, 1, 2);
    Matrix logits = RouterHarness.row(1, 4, -4, -4, 1, 1, 0); // 4 is best, but 1 and 1 beat it
    Routing routing = routed(own, rule, logits, null, 2);
    assertThat(routing.expert()).containsExactly(3, 4);
    assertThat(routing.weight()).containsExactly(1, 1);
  }

  @ParameterizedTest
  @EnumSource
  void renormalisedWeightsAddUpToTheScaling(Own own) {
    Matrix logits = RouterHarness.logits(1, 256, 5);
    Routing routing = routed(own, RoutingRule.deepSeekV3(), logits, null, 8);
    double sum = 0;
    for (float weight : routing.weight()) {
      sum += weight;
    }
    assertThat(sum).isCloseTo(2.5, within(1e-5));
  }

  @ParameterizedTest
  @EnumSource
  void permutingExpertsPermutesTheChoice(Own own) {
    int experts = 33;
    Matrix logits = RouterHarness.logits(5, experts, 6);
    Matrix reversed = RouterHarness.logits(5, experts, 6);
    for (int t = 0; t < 5; t++) {
      for (int e = 0; e < experts; e++) {
        int at = reversed.offset() + t * reversed.rowStride() + e;
        reversed.data()[at] = logits.at(t, experts - 1 - e);
      }
    }
    int[] chosen = routed(own, OF_CHOSEN, logits, null, 4).expert();
    assertThat(routed(own, OF_CHOSEN, reversed, null, 4).expert())
        .containsExactly(Arrays.stream(chosen).map(e -> experts - 1 - e).toArray());
  }

  @ParameterizedTest
  @EnumSource
  void refusesWhatDoesNotGoTogether(Own own) {
    Matrix logits = Matrix.zeros(2, 8);
    refuses(own, OF_ALL, logits, null, Routing.zeros(2, 9))
        .hasMessage("topK must be in 1..experts: topK=9 experts=8");
    refuses(own, OF_ALL, logits, null, Routing.zeros(3, 2))
        .hasMessage("shapes disagree: logits are 2x8, the routing has tokens=3");
    refuses(own, OF_ALL, logits, new float[8], Routing.zeros(2, 2))
        .hasMessageContaining("a bias needs sigmoid scores");
    refuses(own, GROUPS, logits, new float[7], Routing.zeros(2, 2))
        .hasMessageContaining("bias.length=7 experts=8");
    refuses(own, GROUPS, logits, new float[] {0, 0, NAN, 0, 0, 0, 0, 0}, Routing.zeros(2, 2))
        .hasMessage("a bias must be finite: expert=2 bias=NaN");
    refuses(own, GROUPS, logits, null, Routing.zeros(2, 5))
        .hasMessage("topK must be in 1..experts of kept groups: topK=5 experts=4");
    refuses(own, GROUPS, Matrix.zeros(2, 6), null, Routing.zeros(2, 1))
        .hasMessage("groups must divide experts: groups=4 experts=6");
  }

  private static org.assertj.core.api.AbstractThrowableAssert<?, ?> refuses(
      Own own, RoutingRule rule, Matrix logits, float[] bias, Routing routing) {
    return assertThatThrownBy(() -> own.router(rule).route(logits, bias, routing))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void selectsByVariantAndCountsTheWork() {
    assertThat(Kernels.router(Variant.SCALAR, OF_ALL)).isInstanceOf(ScalarRouter.class);
    assertThat(Kernels.router(Variant.VECTOR, OF_ALL)).isInstanceOf(VectorRouter.class);
    assertThatThrownBy(() -> Kernels.router(Variant.OPENBLAS, OF_ALL))
        .hasMessageContaining("kernel=router");
    assertThat(Router.work(OF_ALL, 2, 8, 3).flop()).isEqualTo(2 * (3 * 8 + 6));
    assertThat(Router.work(OF_CHOSEN, 2, 8, 3).flop()).isEqualTo(2 * (3 * 3 + 6));
    assertThat(Router.work(GROUPS, 2, 8, 3).flop()).isEqualTo(2 * (4 * 8 + 6));
    assertThat(Router.work(OF_ALL, 2, 8, 3).bytes()).isEqualTo(4 * 16 + 8 * 6);
  }

  private static int[] chosen(Own own, RoutingRule rule, Matrix logits, int topK) {
    int[] all = routed(own, rule, logits, null, topK).expert();
    return Arrays.copyOfRange(all, all.length - topK, all.length);
  }

  private static Routing routed(Own own, RoutingRule rule, Matrix logits, float[] bias, int topK) {
    Routing routing = Routing.zeros(logits.rows(), topK);
    own.router(rule).route(logits, bias, routing);
    return routing;
  }
}
