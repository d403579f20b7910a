package dev.shardmark.parallel.serving;

/**
 * A rule that decides which requests an iteration computes.
 *
 * <p><b>Threading</b> the thread of the rank, one instance for one trace.
 */
public interface Batching {
  /** Whether every request has been answered. */
  boolean isDone();

  /** One iteration, with no request if none has come or is left. */
  void iterate();

  /** What has come of it so far. */
  Served served();

  /** Iterates until all is done. */
  default Served serve() {
    while (!isDone()) {
      iterate();
    }
    return served();
  }
}
