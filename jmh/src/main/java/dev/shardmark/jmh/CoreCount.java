package dev.shardmark.jmh;

/** Ranks that can run at once: only as many as there are cores have a time that means anything. */
public final class CoreCount {
  private CoreCount() {}

  /** Cores this process may use. */
  public static int here() {
    return Runtime.getRuntime().availableProcessors();
  }

  /**
   * Checks that {@code ranks} have a core each.
   *
   * @throws IllegalArgumentException if not
   */
  static void require(String name, int ranks) {
    if (ranks < 1 || ranks > here()) {
      throw new IllegalArgumentException(
          name
              + " must be 1 to the cores of this machine: "
              + name
              + "="
              + ranks
              + " of="
              + here());
    }
  }
}
