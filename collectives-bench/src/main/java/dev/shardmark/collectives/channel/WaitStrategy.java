package dev.shardmark.collectives.channel;

import java.util.concurrent.locks.LockSupport;

/**
 * How a thread passes the time: it spins, then yields its core, then parks.
 *
 * @param spins tries that keep the core, some 10 to 40 ns each
 * @param yields tries after those that offer the core to another thread
 * @param parkNs how long each later try sleeps
 */
public record WaitStrategy(int spins, int yields, long parkNs) {
  /**
   * Every rank has a core. Spinning stops after some 10 us all the same: where the system puts two
   * ranks on one core, each wait costs the other's whole spin (a collective of 0.2 us took 750 us
   * with 10,000 spins).
   */
  public static final WaitStrategy CORE_EACH = new WaitStrategy(300, 10_000, 50_000);

  /** Ranks share cores: the one waited for may need this very core. */
  public static final WaitStrategy SHARED_CORES = new WaitStrategy(0, 1_000, 50_000);

  public WaitStrategy {
    if (spins < 0 || yields < 0 || parkNs <= 0) {
      throw new IllegalArgumentException(
          "waits must not be negative, nor parking 0: spins=%d yields=%d parkNs=%d"
              .formatted(spins, yields, parkNs));
    }
  }

  public static WaitStrategy of(int ranks, int cores) {
    return ranks <= cores ? CORE_EACH : SHARED_CORES;
  }

  /** Passes some time after {@code tries} tries in vain. */
  public void pause(int tries) {
    if (spins(tries)) {
      Thread.onSpinWait();
    } else if (tries < spins + yields) {
      Thread.yield();
    } else {
      LockSupport.parkNanos(parkNs);
    }
  }

  public boolean spins(int tries) {
    return tries < spins;
  }
}
