package dev.shardmark.collectives;

import java.util.Locale;

/** A rank waited for another until the group's deadline. */
public final class CollectiveTimeoutException extends CollectiveException {
  /** The step of a rank that waits for the others to finish the whole run. */
  public static final int END_OF_RUN = -1;

  private static final long serialVersionUID = 1;

  private final int peer;
  private final int step;
  private final long waitedNs;

  public CollectiveTimeoutException(int rank, int peer, int step, long waitedNs) {
    super(rank, message(rank, peer, step, waitedNs), null);
    this.peer = peer;
    this.step = step;
    this.waitedNs = waitedNs;
  }

  /** The rank that did not come. */
  public int peer() {
    return peer;
  }

  /** The step of the collective, from 0, or {@link #END_OF_RUN}. */
  public int step() {
    return step;
  }

  public long waitedNs() {
    return waitedNs;
  }

  private static String message(int rank, int peer, int step, long waitedNs) {
    return String.format(
        Locale.ROOT,
        "rank %d waited %.3f s for rank %d %s",
        rank,
        waitedNs * 1e-9,
        peer,
        step == END_OF_RUN ? "to end the run" : "at step " + step);
  }
}
