package dev.shardmark.collectives;

import static org.assertj.core.api.Assertions.assertThat;

import dev.shardmark.collectives.allreduce.AllReduce;
import dev.shardmark.collectives.allreduce.AllReduceVariant;
import dev.shardmark.collectives.allreduce.BinomialTreeAllReduce;
import dev.shardmark.collectives.allreduce.DirectAllReduce;
import dev.shardmark.collectives.allreduce.DoubleBinaryTreeAllReduce;
import dev.shardmark.collectives.allreduce.EagerAllReduce;
import dev.shardmark.collectives.allreduce.OneShotAllReduce;
import dev.shardmark.collectives.allreduce.RabenseifnerAllReduce;
import dev.shardmark.collectives.allreduce.RecursiveDoublingAllReduce;
import dev.shardmark.collectives.allreduce.RingAllReduce;
import dev.shardmark.collectives.allreduce.SegmentedRingAllReduce;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class TrafficTest {
  /** 10 elements on 4 ranks: chunks of 2, 3, 2 and 3. */
  @Test
  void unevenChunksCountExactly() {
    assertSentElements(new DirectAllReduce(), 4, 10, 6 * 2, 6 * 3, 6 * 2, 6 * 3);
    assertSentElements(new RingAllReduce(), 4, 10, 15, 15, 15, 15);
    assertSentElements(new RingAllReduce(), 4, 9, 14, 13, 13, 14); // chunks of 2, 2, 2 and 3
    assertSentElements(new SegmentedRingAllReduce(1), 4, 9, 14, 13, 13, 14);
    assertSentElements(new OneShotAllReduce(), 3, 10, 20, 20, 20);
    assertSentElements(new EagerAllReduce(), 3, 10, 20, 20, 20);
    assertSentElements(new RecursiveDoublingAllReduce(), 4, 10, 20, 20, 20, 20);
    // the vector, then the half a rank keeps: of 9, ranks 0 and 2 keep 4, the others 5
    assertSentElements(new RabenseifnerAllReduce(), 4, 9, 13, 14, 13, 14);
  }

  /** Ranks 0 and 2 fold into 1 and 3: they send a vector, and get one back. */
  @Test
  void ranksThatFoldSendOneVector() {
    assertSentElements(new RecursiveDoublingAllReduce(), 6, 10, 10, 30, 10, 30, 20, 20);
    assertSentElements(new RabenseifnerAllReduce(), 6, 10, 10, 25, 10, 25, 15, 15);
  }

  /** One vector, or half, to the parent and to each child. */
  @Test
  void treesSendAlongTheirEdges() {
    assertSentElements(new BinomialTreeAllReduce(), 6, 10, 30, 10, 20, 10, 20, 10);
    // Nodes 1 to 6, 4 with 2 and 6, 2 with 1 and 3, 6 with 5: first halves of 4, second of 5.
    assertSentElements(
        new DoubleBinaryTreeAllReduce(),
        6,
        9,
        4 + 2 * 5, // leaf, then node 6
        3 * 4 + 5,
        4 + 2 * 5, // leaf, then the root
        2 * 4 + 5,
        4 + 3 * 5,
        2 * 4 + 5);
    // Nodes 1 to 5, 4 with 2 and 5, 2 with 1 and 3; the second tree starts with rank 4.
    assertSentElements(new DoubleBinaryTreeAllReduce(), 5, 10, 20, 20, 15, 15, 10);
  }

  private static void assertSentElements(
      AllReduce algorithm, int ranks, int length, long... elements) {
    assertThat(algorithm.traffic(ranks, length).sentBytes())
        .as(algorithm.parameter())
        .containsExactlyElementsOf(
            LongStream.of(elements).map(sent -> Float.BYTES * sent).boxed().toList());
  }

  @Test
  void stepsAndMemory() {
    assertCost(new DirectAllReduce(), 8, 2, 16);
    assertCost(new OneShotAllReduce(), 8, 2, 88);
    assertCost(new EagerAllReduce(), 8, (1 << 20) / Elements.BLOCK, 88);
    assertCost(new RingAllReduce(), 8, 14, 35);
    assertCost(new SegmentedRingAllReduce(1 << 15), 8, 14 * 4, 35);
    assertCost(new SegmentedRingAllReduce((1 << 15) - 1), 8, 14 * 5, 35);
    assertCost(new RecursiveDoublingAllReduce(), 4, 2, 24);
    assertCost(new RecursiveDoublingAllReduce(), 8, 3, 72 + 16);
    assertCost(new RecursiveDoublingAllReduce(), 6, 4, 24 + 10);
    assertCost(new RabenseifnerAllReduce(), 8, 6, 35);
    assertCost(new RabenseifnerAllReduce(), 9, 8, 40);
    assertCost(new BinomialTreeAllReduce(), 8, 6, 35);
    assertCost(new BinomialTreeAllReduce(), 9, 8, 40);
    assertCost(new DoubleBinaryTreeAllReduce(), 8, 6, 35);
    assertCost(new DoubleBinaryTreeAllReduce(), 7, 4, 30);
  }

  private static void assertCost(AllReduce algorithm, int ranks, int steps, int memoryInSizes) {
    Traffic traffic = algorithm.traffic(ranks, 1 << 20);
    assertThat(traffic.steps()).as(algorithm.parameter()).isEqualTo(steps);
    assertThat(traffic.memoryBytes())
        .as(algorithm.parameter())
        .isEqualTo(memoryInSizes * (4L << 20));
  }

  @Test
  void ranksTogetherSendNoLessThanTheBound() {
    for (AllReduce algorithm : AllReduceVariant.algorithms()) {
      for (int ranks = 2; ranks <= 17; ranks++) {
        Traffic traffic = algorithm.traffic(ranks, 1000);
        long sent = traffic.sentBytes().stream().mapToLong(Long::longValue).sum();
        assertThat(sent).as(algorithm.parameter()).isGreaterThanOrEqualTo(2L * (ranks - 1) * 4000);
      }
    }
  }

  @Test
  void largeBuffersDoNotOverflow() {
    for (AllReduce algorithm : AllReduceVariant.algorithms()) {
      Traffic traffic = algorithm.traffic(16, Integer.MAX_VALUE);
      long sent = traffic.sentBytes().stream().mapToLong(Long::longValue).sum();
      assertThat(sent).as(algorithm.parameter()).isGreaterThan(29L * 4 * Integer.MAX_VALUE);
      assertThat(traffic.sentBytes()).as(algorithm.parameter()).allMatch(bytes -> bytes > 0);
      assertThat(traffic.memoryBytes()).isGreaterThanOrEqualTo(4L * 32 * Integer.MAX_VALUE);
    }
  }

  @Test
  void nothingMovesForOneRankOrNoElement() {
    for (AllReduce algorithm : AllReduceVariant.algorithms()) {
      for (Traffic traffic : new Traffic[] {algorithm.traffic(1, 100), algorithm.traffic(4, 0)}) {
        AlgorithmCase.assertStill(traffic);
      }
    }
  }

  @Test
  void bandwidths() {
    Traffic traffic = new DirectAllReduce().traffic(4, 250);
    assertThat(traffic.algBwGBs(100)).isEqualTo(10);
    assertThat(traffic.busBwGBs(100)).isEqualTo(15);
    assertThat(traffic.memoryGBs(100)).isEqualTo(80);
  }

  @Test
  void busFactors() {
    assertThat(AllReduce.busFactor(1)).isZero();
    assertThat(AllReduce.busFactor(2)).isEqualTo(1);
    assertThat(AllReduce.busFactor(4)).isEqualTo(1.5);
    assertThat(AllReduce.busFactor(8)).isEqualTo(1.75);
  }
}
