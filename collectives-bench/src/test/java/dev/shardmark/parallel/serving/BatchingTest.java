package dev.shardmark.parallel.serving;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.shardmark.parallel.serving.PagedMemory.Admission;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class BatchingTest {
  private static final int BLOCK = 32;

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 8})
  void staticBatchesHaveTheUtilisationOfTheTrace(int slots) {
    for (int requests = 22; requests <= 26; requests++) {
      Trace trace = Trace.random(requests, requests, 0, 20, 30);
      Served served = new StaticBatching(trace, slots, new ToyStep(slots)).serve();
      assertThat(ServingCheck.fault(trace, served, ToyStep.alone(trace))).isNull();
      assertThat(served.utilisation()).isCloseTo(trace.staticUtilisation(slots), within(1e-12));
      if (requests % slots == 0) { // all batches are full
        assertThat(served.tokens() + served.padded())
            .isEqualTo(served.slots() * served.iterations());
      }
    }
  }

  @Test
  void oneStaticBatchHasTheMeanLengthOverTheLongest() {
    int[] lengths = {3, 9, 6, 2};
    List<Request> requests = new ArrayList<>();
    for (int i = 0; i < lengths.length; i++) {
      requests.add(new Request(i, 0, 1, lengths[i]));
    }
    Served served = new StaticBatching(new Trace(requests), 4, new ToyStep(4)).serve();
    assertThat(served.iterations()).isEqualTo(9);
    assertThat(served.utilisation()).isEqualTo(5.0 / 9);
    assertThat(served.padded()).isEqualTo(6 + 3 + 7);
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 8})
  void continuousBatchesLeaveNoSlotFreeWhileARequestWaits(int slots) {
    for (int apart = 0; apart < 9; apart += 4) {
      Trace trace = Trace.random(apart, 40, apart, 20, 30);
      Served served =
          new ContinuousBatching(trace, slots, plenty(trace, slots), new ToyStep(slots)).serve();
      assertThat(ServingCheck.fault(trace, served, ToyStep.alone(trace))).isNull();
      assertThat(ServingCheck.continuousFault(trace, served)).isNull();
      assertThat(served.padded()).isZero();
      Served fixed = new StaticBatching(trace, slots, new ToyStep(slots)).serve();
      assertThat(ServingCheck.fault(trace, fixed, ToyStep.alone(trace))).isNull();
      assertThat(served.iterations()).isLessThanOrEqualTo(fixed.iterations());
      assertThat(served.utilisation()).isGreaterThanOrEqualTo(fixed.utilisation());
    }
  }

  @ParameterizedTest
  @EnumSource
  void requestsThatMakeWaySayTheSameAndAllAreServed(Admission admission) {
    for (int seed = 0; seed < 10; seed++) {
      Trace trace = Trace.random(seed, 40, 2, 60, 90);
      PagedMemory memory = new PagedMemory(8, 9, BLOCK, admission);
      Served served = new ContinuousBatching(trace, 8, memory, new ToyStep(8)).serve();
      assertThat(ServingCheck.fault(trace, served, ToyStep.alone(trace))).isNull();
      assertThat(served.mostHeldTokens()).isLessThanOrEqualTo(9 * BLOCK);
      assertThat(memory.freeBlocks()).isEqualTo(9);
      assertThat(memory.filledTokens()).isZero();
      if (admission == Admission.WHOLE) {
        assertThat(served.preempted()).isZero();
      } else {
        assertThat(served.preempted()).isPositive();
        assertThat(served.recomputedTokens()).isGreaterThanOrEqualTo(served.preempted());
      }
    }
  }

  @Test
  void aRequestThatGrowsThroughItsBlocksWastesHalfOfOneOnAverage() {
    Trace trace = new Trace(List.of(new Request(0, 0, 1, 4 * BLOCK)));
    PagedMemory memory = new PagedMemory(1, 4, BLOCK, Admission.START);
    Served served = new ContinuousBatching(trace, 1, memory, new ToyStep(1)).serve();
    assertThat(served.wastedTokensPerRequest()).isEqualTo((BLOCK - 1) / 2.0);
    assertThat(served.mostHeldTokens()).isEqualTo(4 * BLOCK);
  }

  @Test
  void moreRequestsFitInBlocksThanInRunsOfTheLongest() {
    int budget = 16 * BLOCK;
    int most = 4 * BLOCK;
    KvMemory contiguous = new ContiguousMemory(64, budget, most);
    KvMemory paged = new PagedMemory(64, 16, BLOCK, Admission.START);
    int[] lengths = {BLOCK, 2 * BLOCK, 5, BLOCK + 1}; // 1 + 2 + 1 + 2 blocks
    assertThat(fit(contiguous, lengths, most)).isEqualTo(budget / most);
    assertThat(fit(paged, lengths, most)).isEqualTo(4 * 2 + 3); // 12 blocks, and 4 more
    assertThat(contiguous.heldTokens() - contiguous.filledTokens())
        .isEqualTo(4L * most - (BLOCK + 2 * BLOCK + 5 + BLOCK + 1));
    assertThat(paged.heldTokens()).isEqualTo(budget);
  }

  private static int fit(KvMemory memory, int[] lengths, int most) {
    int fit = 0;
    while (memory.admit(fit, lengths[fit % lengths.length], most)) {
      fit++;
    }
    return fit;
  }

  @Test
  void whatCanNeverFitIsRefused() {
    Trace trace = new Trace(List.of(new Request(0, 0, BLOCK, 2)));
    KvMemory memory = new PagedMemory(1, 1, BLOCK, Admission.START);
    assertThatThrownBy(() -> new ContinuousBatching(trace, 1, memory, new ToyStep(1)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContainingAll("fit the memory alone", "tokens=33", "memory=32");
    assertThatThrownBy(() -> new ContiguousMemory(1, 3, 4))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("one request must fit");
    assertThatThrownBy(() -> new Request(0, 0, 0, 1)).isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> new Trace(List.of(new Request(1, 0, 1, 1))))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> new StaticBatching(trace, 0, new ToyStep(1)))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void staticReportedAsContinuousIsRejected() {
    Trace trace = Trace.random(1, 20, 1, 9, 30);
    Served served = new StaticBatching(trace, 4, new ToyStep(4)).serve();
    assertThat(ServingCheck.continuousFault(trace, served)).isNotNull();
  }

  @Test
  void aRequestThatLeavesEarlyIsRejected() {
    Trace asked = Trace.random(1, 20, 1, 9, 30);
    Trace cut =
        new Trace(
            asked.requests().stream()
                .map(
                    x ->
                        new Request(
                            x.id(),
                            x.arrival(),
                            x.promptTokens(),
                            x.id() == 7 ? x.outputTokens() - 1 : x.outputTokens()))
                .toList());
    Served served = new ContinuousBatching(cut, 4, plenty(cut, 4), new ToyStep(4)).serve();
    assertThat(ServingCheck.fault(asked, served, ToyStep.alone(asked)))
        .contains("as many tokens", "request=7");
  }

  @Test
  void aSlotReusedBeforeItWasFlushedIsRejected() {
    Trace trace = Trace.random(1, 20, 1, 9, 30);
    DecodeStep keeps =
        new ToyStep(4) {
          @Override
          public void release(int slot) {
            if (slot != 2) {
              super.release(slot);
            }
          }
        };
    Served served = new ContinuousBatching(trace, 4, plenty(trace, 4), keeps).serve();
    assertThat(ServingCheck.fault(trace, served, ToyStep.alone(trace))).contains("says alone");
  }

  static KvMemory plenty(Trace trace, int slots) {
    int each = trace.mostCachedTokens();
    return new ContiguousMemory(slots, slots * each, each);
  }
}
