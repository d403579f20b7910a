package dev.shardmark.collectives;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.shardmark.collectives.allreduce.AllReduceCheck;
import dev.shardmark.collectives.allreduce.RingAllReduce;
import dev.shardmark.collectives.alltoall.AllToAllCheck;
import dev.shardmark.collectives.alltoall.BruckAllToAll;
import dev.shardmark.collectives.alltoall.DirectAllToAll;
import dev.shardmark.collectives.alltoall.HierarchicalAllToAll;
import dev.shardmark.collectives.alltoall.PairwiseAllToAll;
import dev.shardmark.collectives.channel.Links;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Emulated links have lower bounds on time alone: threads may always be late. */
@Timeout(60)
class EmulatedTransportTest {
  private static final Duration DEADLINE = Duration.ofSeconds(20);

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 5, 9})
  void resultsAreThoseOfOtherTransports(int p) {
    Transport transport = transport("2;1000ns,10GB/s;20000ns,1GB/s");
    Algorithms algorithms = Algorithms.of(transport);
    for (Algorithm algorithm :
        List.of(new PairwiseAllToAll(), new BruckAllToAll(), new HierarchicalAllToAll(2))) {
      try (RankGroup group = RankGroup.open(p, DEADLINE, transport, algorithms.with(algorithm))) {
        for (int length : new int[] {0, 1, p, 1000}) {
          AllToAllCheck.verify(group, length);
          AllReduceCheck.verify(group, length, ReduceOp.SUM);
          group.run(Rank::barrier);
        }
      }
    }
  }

  /** 2 (p - 1) steps, each after the one before: a chunk of 40 us, and the latency. */
  @Test
  void aRingTakesTheTimeOfItsSteps() {
    int p = 4;
    int length = 4_000;
    Transport transport = transport("4;300000ns,0.1GB/s;0ns,1GB/s");
    Algorithms algorithms = Algorithms.of(transport).with(new RingAllReduce());
    try (RankGroup group = RankGroup.open(p, DEADLINE, transport, algorithms)) {
      float[][] buffers = new float[p][length];
      for (int call = 0; call < 5; call++) {
        long tookNs =
            timeNs(group, rank -> rank.allReduce(buffers[rank.rank()], 0, length, ReduceOp.SUM));
        assertThat(tookNs).isGreaterThanOrEqualTo(2 * (p - 1) * (40_000 + 300_000));
      }
    }
  }

  /** Half of what is sent crosses, at a tenth of the bandwidth. */
  @Test
  void messagesBetweenNodesTakeLonger() {
    Transport transport = transport("2;0ns,1GB/s;2000000ns,0.1GB/s");
    float[][] buffers = new float[4][10_000];
    try (RankGroup group = RankGroup.open(4, DEADLINE, transport)) {
      assertThat(timeNs(group, rank -> sendFrom0(rank, 1, buffers))).isGreaterThanOrEqualTo(40_000);
      assertThat(timeNs(group, rank -> sendFrom0(rank, 2, buffers)))
          .isGreaterThanOrEqualTo(400_000 + 2_000_000);
    }
  }

  @Test
  void messagesOfOneRankQueue() {
    Transport transport = transport("1;0ns,1GB/s;0ns,0.01GB/s"); // 4 ms each
    float[][] buffers = new float[4][10_000];
    try (RankGroup group = RankGroup.open(4, DEADLINE, transport)) {
      long tookNs =
          timeNs(
              group,
              rank -> {
                for (int to = 1; to < 4; to++) {
                  sendFrom0(rank, to, buffers);
                }
              });
      assertThat(tookNs).isGreaterThanOrEqualTo(3 * 4_000_000);
    }
  }

  /** A part of the group keeps the links, and the ports, of the ranks it is made of. */
  @Test
  void partsOfAGroupUseTheSameLinks() {
    Transport transport = transport("2;0ns,1GB/s;3000000ns,1GB/s");
    float[][] buffers = new float[4][2];
    try (RankGroup group = RankGroup.open(4, DEADLINE, transport)) {
      long tookNs =
          timeNs(
              group,
              rank -> {
                Communicator oneOfEachNode = rank.split(rank.rank() % 2, 0);
                oneOfEachNode.allReduce(buffers[rank.rank()], 0, 2, ReduceOp.SUM);
              });
      assertThat(tookNs).isGreaterThanOrEqualTo(2 * 3_000_000);
    }
  }

  /** A message that would take 40 s does not outlast the deadline, nor hold up the next run. */
  @Test
  void linksHaveTheDeadlineToo() {
    Transport transport = transport("1;0ns,1GB/s;0ns,0.000001GB/s");
    float[][] buffers = new float[2][10_000];
    CountDownLatch late = new CountDownLatch(1);
    try (RankGroup group = RankGroup.open(2, Duration.ofMillis(500), transport)) {
      assertThatThrownBy(
              () ->
                  group.run(
                      rank -> {
                        try {
                          sendFrom0(rank, 1, buffers);
                        } catch (CollectiveTimeoutException e) {
                          late.countDown();
                          throw e;
                        }
                        assertThat(late.await(10, TimeUnit.SECONDS)).isTrue();
                      }))
          .isInstanceOf(CollectiveTimeoutException.class)
          .hasMessageMatching("rank 1 waited \\d+\\.\\d+ s for rank 0 at step 0");
      group.run(rank -> sendFrom0(rank, 1, new float[2][1]));
    }
  }

  /** Rank 1 waits for a message that takes 40 s when rank 2 fails. */
  @Test
  void aFailureEndsTheWaitForAMessage() throws InterruptedException {
    Transport transport = transport("1;0ns,1GB/s;0ns,0.000001GB/s");
    float[][] buffers = new float[3][10_000];
    CountDownLatch sent = new CountDownLatch(1);
    try (RankGroup group = RankGroup.open(3, Duration.ofSeconds(30), transport)) {
      assertThatThrownBy(
              () ->
                  group.run(
                      rank -> {
                        sendFrom0(rank, 1, buffers);
                        if (rank.rank() == 0) {
                          sent.countDown();
                        } else if (rank.rank() == 2) {
                          assertThat(sent.await(10, TimeUnit.SECONDS)).isTrue();
                          throw new IllegalStateException("no more");
                        }
                      }))
          .isInstanceOf(RankFailedException.class)
          .hasMessageContaining("no more")
          .hasNoSuppressedExceptions();
    }
  }

  @Test
  void memoryIsNotShared() {
    Transport transport = transport("2;1000ns,10GB/s;20000ns,1GB/s");
    assertThat(transport.parameter()).isEqualTo("emulated(2;1000ns,10GB/s;20000ns,1GB/s)");
    Algorithms algorithms = Algorithms.of(transport).with(new DirectAllToAll());
    assertThatThrownBy(() -> RankGroup.open(2, DEADLINE, transport, algorithms))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "an algorithm must not need shared memory where messages are copied:"
                + " algorithm=DirectAllToAll transport="
                + transport.parameter());
  }

  private static Transport transport(String links) {
    return Transport.emulated(Links.of(links));
  }

  private static void sendFrom0(Rank rank, int to, float[][] buffers) {
    float[] buffer = buffers[rank.rank()];
    if (rank.rank() == 0) {
      rank.send(to, buffer, 0, buffer.length);
    } else if (rank.rank() == to) {
      rank.receive(0, buffer, 0, buffer.length);
    }
  }

  private static long timeNs(RankGroup group, RankBody body) {
    long startNs = System.nanoTime();
    group.run(body);
    return System.nanoTime() - startNs;
  }
}
