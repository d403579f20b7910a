package dev.shardmark.collectives;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.shardmark.collectives.allreduce.AllReduceCheck;
import dev.shardmark.collectives.allreduce.AllReduceVariant;
import dev.shardmark.collectives.allreduce.DirectAllReduce;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
class RankGroupTest {
  private static final Duration LONG = Duration.ofSeconds(30);
  private static final Duration SHORT = Duration.ofMillis(200);

  static Stream<AllReduceVariant> variants() {
    return AllReduceVariant.all();
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 5, 16})
  void runsTheBodyOnceOnEachRankAndRank0OnTheCaller(int p) {
    try (RankGroup group = RankGroup.open(p, LONG)) {
      for (int run = 0; run < 3; run++) {
        Set<Integer> ranks = ConcurrentHashMap.newKeySet();
        Set<Thread> threads = ConcurrentHashMap.newKeySet();
        group.run(
            rank -> {
              assertThat(ranks.add(rank.rank())).isTrue();
              assertThat(rank.size()).isEqualTo(p);
              threads.add(Thread.currentThread());
            });
        assertThat(ranks).hasSize(p);
        assertThat(threads).hasSize(p).contains(Thread.currentThread());
      }
    }
  }

  @Test
  void parkedThreadsWakeForTheNextRun() throws InterruptedException {
    try (RankGroup group = RankGroup.open(4, LONG)) {
      for (int run = 0; run < 3; run++) {
        Thread.sleep(100);
        AllReduceCheck.verify(group, 10, ReduceOp.SUM);
      }
    }
  }

  @ParameterizedTest
  @MethodSource("variants")
  void oneRankThrowsAndAllReturnAtOnce(AllReduceVariant variant) {
    try (RankGroup group = variant.open(4, LONG)) {
      for (int culprit = 0; culprit < 4; culprit++) {
        int thrower = culprit;
        long startNs = System.nanoTime();
        RankFailedException failure =
            catchThrowableOfType(
                RankFailedException.class,
                () ->
                    group.run(
                        rank -> {
                          if (rank.rank() == thrower) {
                            throw new IllegalStateException("no more");
                          }
                          rank.allReduce(new float[8], 0, 8, ReduceOp.SUM);
                        }));
        assertThat(System.nanoTime() - startNs).isLessThan(LONG.toNanos() / 10);
        assertThat(failure.rank()).isEqualTo(thrower);
        assertThat(failure).hasMessageContaining("rank " + thrower).hasMessageContaining("no more");
        assertThat(failure.getSuppressed()).isEmpty();
        AllReduceCheck.verify(group, 100, ReduceOp.SUM); // usable again
      }
    }
  }

  @Test
  void anErrorIsReportedAndTheThreadLivesOn() {
    try (RankGroup group = RankGroup.open(2, LONG)) {
      assertThatThrownBy(() -> group.run(rank -> assertThat(rank.rank()).as("not so").isZero()))
          .isInstanceOf(RankFailedException.class)
          .hasCauseInstanceOf(AssertionError.class);
      AllReduceCheck.verify(group, 100, ReduceOp.SUM);
    }
  }

  @Test
  void laterFailuresAreSuppressed() {
    try (RankGroup group = RankGroup.open(2, LONG)) {
      assertThatThrownBy(
              () ->
                  group.run(
                      rank -> {
                        if (rank.rank() == 1) {
                          throw new IllegalStateException("first");
                        }
                        try {
                          rank.barrier();
                        } catch (CollectiveAbortedException e) {
                          throw new IllegalStateException("then", e);
                        }
                      }))
          .hasMessage("rank 1 failed: java.lang.IllegalStateException: first")
          .satisfies(
              failure ->
                  assertThat(failure.getSuppressed())
                      .singleElement()
                      .extracting(Throwable::getMessage)
                      .isEqualTo("rank 0 failed: java.lang.IllegalStateException: then"));
    }
  }

  @ParameterizedTest
  @MethodSource("variants")
  void aRankThatNeverComesIsATimeout(AllReduceVariant variant) {
    try (RankGroup group = variant.open(3, SHORT)) {
      long startNs = System.nanoTime();
      CollectiveTimeoutException late =
          catchThrowableOfType(
              CollectiveTimeoutException.class,
              () ->
                  group.run(
                      rank -> {
                        if (rank.rank() != 1) {
                          rank.allReduce(new float[8], 0, 8, ReduceOp.SUM);
                        }
                      }));
      assertThat(System.nanoTime() - startNs).isBetween(SHORT.toNanos(), 20 * SHORT.toNanos());
      assertThat(late.waitedNs()).isGreaterThan(SHORT.toNanos());
      assertThat(late.rank()).isNotEqualTo(1);
      assertThat(late.step()).isGreaterThanOrEqualTo(0);
      AllReduceCheck.verify(group, 100, ReduceOp.SUM);
    }
  }

  @Test
  void theTimeoutNamesThePeer() {
    try (RankGroup group = RankGroup.open(2, SHORT)) {
      assertThatThrownBy(() -> group.run(rank -> onlyRank0(rank, Rank::barrier)))
          .isInstanceOf(CollectiveTimeoutException.class)
          .hasMessageMatching("rank 0 waited 0\\.\\d+ s for rank 1 at step 0");
    }
  }

  @Test
  void aBusyRankIsATimeoutAndTheGroupRefusesUntilItIsBack() throws InterruptedException {
    CountDownLatch release = new CountDownLatch(1);
    try (RankGroup group = RankGroup.open(2, SHORT)) {
      assertThatThrownBy(
              () ->
                  group.run(
                      rank -> {
                        if (rank.rank() == 1) {
                          release.await();
                        }
                      }))
          .isInstanceOf(CollectiveTimeoutException.class)
          .hasMessageEndingWith("for rank 1 to end the run");
      assertThatThrownBy(() -> group.run(rank -> {}))
          .isInstanceOf(IllegalStateException.class)
          .hasMessage("rank 1 is still busy in a run that failed: open another group");
      release.countDown();
      Thread.sleep(100);
      AllReduceCheck.verify(group, 100, ReduceOp.SUM);
    }
  }

  @Test
  void runsDoNotNest() {
    try (RankGroup group = RankGroup.open(1, LONG)) {
      assertThatThrownBy(() -> group.run(rank -> group.run(inner -> {})))
          .hasRootCauseMessage("a group must not run two bodies at once");
    }
  }

  @Test
  void closeEndsTheThreads() {
    Set<Thread> threads = ConcurrentHashMap.newKeySet();
    RankGroup group = RankGroup.open(4, LONG);
    group.run(rank -> onlyOthers(rank, threads));
    group.close();
    group.close();
    assertThat(threads).hasSize(3).allMatch(Thread::isDaemon).noneMatch(Thread::isAlive);
    assertThatThrownBy(() -> group.run(rank -> {})).hasMessage("the group is closed");
  }

  @Test
  void closeInterruptsABusyRank() {
    Set<Thread> threads = ConcurrentHashMap.newKeySet();
    RankGroup group = RankGroup.open(2, SHORT);
    assertThatThrownBy(
            () ->
                group.run(
                    rank -> {
                      onlyOthers(rank, threads);
                      if (rank.rank() == 1) {
                        new CountDownLatch(1).await();
                      }
                    }))
        .isInstanceOf(CollectiveTimeoutException.class);
    group.close();
    assertThat(threads).hasSize(1).noneMatch(Thread::isAlive);
  }

  @Test
  void aGroupNeedsARankAndADeadline() {
    assertThatThrownBy(() -> RankGroup.open(0, LONG))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("ranks=0");
    assertThatThrownBy(() -> RankGroup.open(2, Duration.ZERO))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("deadline=PT0S");
  }

  @Test
  void algorithmsMustSuitTheTransport() {
    Algorithms direct = Algorithms.of(Transport.COPYING).with(new DirectAllReduce());
    assertThatThrownBy(() -> RankGroup.open(2, LONG, Transport.COPYING, direct))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "an algorithm must not need shared memory where messages are copied:"
                + " algorithm=DirectAllReduce transport=copying");
  }

  private static void onlyRank0(Rank rank, RankBody body) throws Exception {
    if (rank.rank() == 0) {
      body.run(rank);
    }
  }

  private static void onlyOthers(Rank rank, Set<Thread> threads) {
    if (rank.rank() > 0) {
      threads.add(Thread.currentThread());
    }
  }
}
