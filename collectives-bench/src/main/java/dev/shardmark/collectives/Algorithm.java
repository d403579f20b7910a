package dev.shardmark.collectives;

/** One way to run a collective: stateless, called by each rank on its own thread. */
public interface Algorithm {
  /** The name on the command line and in rows. */
  String parameter();

  /** Whether ranks must reach each other's buffers, which {@link Transport#SHARED} alone allows. */
  default boolean needsSharedMemory() {
    return false;
  }
}
