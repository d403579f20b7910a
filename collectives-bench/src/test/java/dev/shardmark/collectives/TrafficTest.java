package dev.shardmark.collectives;

import static org.assertj.core.api.Assertions.assertThat;

import dev.shardmark.collectives.allreduce.AllReduce;
import dev.shardmark.collectives.allreduce.DirectAllReduce;
import dev.shardmark.collectives.allreduce.RingAllReduce;
import org.junit.jupiter.api.Test;

class TrafficTest {
  /** 10 elements on 4 ranks: chunks of 2, 3, 2 and 3. */
  @Test
  void unevenChunksCountExactly() {
    assertThat(new DirectAllReduce().traffic(4, 10).sentBytes())
        .containsExactly(4L * 6 * 2, 4L * 6 * 3, 4L * 6 * 2, 4L * 6 * 3);
    assertThat(new RingAllReduce().traffic(4, 10).sentBytes())
        .containsExactly(4L * (20 - 5), 4L * (20 - 5), 4L * (20 - 5), 4L * (20 - 5));
    assertThat(new RingAllReduce().traffic(4, 9).sentBytes()) // chunks of 2, 2, 2 and 3
        .containsExactly(4L * (18 - 4), 4L * (18 - 5), 4L * (18 - 5), 4L * (18 - 4));
  }

  @Test
  void stepsAndMemory() {
    Traffic direct = new DirectAllReduce().traffic(8, 1 << 20);
    Traffic ring = new RingAllReduce().traffic(8, 1 << 20);
    long sizeBytes = 4L << 20;
    assertThat(direct.steps()).isEqualTo(2);
    assertThat(direct.memoryBytes()).isEqualTo(16 * sizeBytes);
    assertThat(ring.steps()).isEqualTo(14);
    assertThat(ring.memoryBytes()).isEqualTo(35 * sizeBytes);
  }

  @Test
  void largeBuffersDoNotOverflow() {
    Traffic ring = new RingAllReduce().traffic(16, Integer.MAX_VALUE);
    assertThat(ring.sentBytes()).allMatch(bytes -> bytes > 16_000_000_000L);
    assertThat(ring.memoryBytes()).isEqualTo(4L * 75 * Integer.MAX_VALUE);
  }

  @Test
  void nothingMovesForOneRankOrNoElement() {
    for (AllReduce algorithm : new AllReduce[] {new DirectAllReduce(), new RingAllReduce()}) {
      for (Traffic traffic : new Traffic[] {algorithm.traffic(1, 100), algorithm.traffic(4, 0)}) {
        assertThat(traffic.steps()).isZero();
        assertThat(traffic.memoryBytes()).isZero();
        assertThat(traffic.sentBytes()).allMatch(bytes -> bytes == 0);
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
