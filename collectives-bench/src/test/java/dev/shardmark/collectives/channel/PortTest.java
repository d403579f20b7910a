package dev.shardmark.collectives.channel;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** Times here are computed, not measured: they are exact. */
class PortTest {
  /** Rank 0 has rank 1 beside it. */
  private static final Links LINKS = Links.of("2;1000ns,10GB/s;20000ns,0.5GB/s");

  private final Port port = new Port(LINKS, 0);

  /** Later than any port is made here. */
  private final long nowNs = System.nanoTime() + 1_000_000_000_000L;

  @Test
  void aMessageTakesItsTransferAndTheLatency() {
    assertThat(port.arrivalNs(nowNs, 1, 5_000)).isEqualTo(nowNs + 500 + 1_000);
    assertThat(port.arrivalNs(nowNs, 2, 5_000)).isEqualTo(nowNs + 10_000 + 20_000);
  }

  @Test
  void anEmptyMessageTakesTheLatency() {
    assertThat(port.arrivalNs(nowNs, 1, 0)).isEqualTo(nowNs + 1_000);
    assertThat(port.arrivalNs(nowNs, 3, 0)).isEqualTo(nowNs + 20_000);
  }

  @Test
  void aPartOfANanosecondIsAWholeOne() {
    assertThat(port.arrivalNs(nowNs, 1, 11)).isEqualTo(nowNs + 2 + 1_000);
  }

  @Test
  void messagesQueueWhereverTheyGo() {
    port.arrivalNs(nowNs, 2, 5_000);
    assertThat(port.arrivalNs(nowNs, 3, 5_000)).isEqualTo(nowNs + 2 * 10_000 + 20_000);
    assertThat(port.arrivalNs(nowNs + 500, 2, 50)).isEqualTo(nowNs + 20_000 + 100 + 20_000);
  }

  @Test
  void latenciesOverlap() {
    for (int message = 1; message <= 10; message++) {
      assertThat(port.arrivalNs(nowNs, 1, 100)).isEqualTo(nowNs + 10L * message + 1_000);
    }
  }

  @Test
  void tiersDoNotQueueBehindEachOther() {
    port.arrivalNs(nowNs, 2, 1_000_000);
    assertThat(port.arrivalNs(nowNs, 1, 10)).isEqualTo(nowNs + 1 + 1_000);
  }

  @Test
  void idleTimeIsNotSaved() {
    port.arrivalNs(nowNs, 1, 100);
    long laterNs = nowNs + 1_000_000_000;
    assertThat(port.arrivalNs(laterNs, 1, 100)).isEqualTo(laterNs + 10 + 1_000);
    assertThat(port.arrivalNs(laterNs, 1, 100)).isEqualTo(laterNs + 20 + 1_000);
  }

  @Test
  void aResetPortIsFree() {
    port.arrivalNs(nowNs, 1, 1_000_000);
    port.arrivalNs(nowNs, 2, 1_000_000);
    port.reset();
    assertThat(port.arrivalNs(nowNs, 1, 10)).isEqualTo(nowNs + 1 + 1_000);
    assertThat(port.arrivalNs(nowNs, 2, 10)).isEqualTo(nowNs + 20 + 20_000);
  }

  @Test
  void portsOfRanksAreTheirOwn() {
    port.arrivalNs(nowNs, 1, 1_000_000);
    assertThat(new Port(LINKS, 1).arrivalNs(nowNs, 0, 10)).isEqualTo(nowNs + 1 + 1_000);
    assertThat(new Port(LINKS, 2).arrivalNs(nowNs, 1, 10)).isEqualTo(nowNs + 20 + 20_000);
  }

  @Test
  void bandwidthMayBeUnlimited() {
    Port fast = new Port(Links.of("1;0ns,1GB/s;7ns,InfinityGB/s"), 0);
    assertThat(fast.arrivalNs(nowNs, 1, Long.MAX_VALUE)).isEqualTo(nowNs + 7);
  }
}
