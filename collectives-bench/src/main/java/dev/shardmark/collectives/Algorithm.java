package dev.shardmark.collectives;

/** One way to run a collective: stateless, called by each rank on its own thread. */
public interface Algorithm {
  /** The name on the command line and in rows. */
  String parameter();

  /** Whether ranks must reach each other's buffers, which {@link Transport#SHARED} alone allows. */
  default boolean needsSharedMemory() {
    return false;
  }

  /**
   * Elements that the busiest rank combines, each as often as it does, of {@code length} on each of
   * {@code ranks}: what gamma of a cost model multiplies. 0 where nothing is reduced.
   */
  default long combined(int ranks, int length) {
    return 0;
  }
}
