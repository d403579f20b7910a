package dev.shardmark.collectives;

/** A rank stopped waiting because another one failed; the group reports that other failure. */
public final class CollectiveAbortedException extends CollectiveException {
  private static final long serialVersionUID = 1;

  public CollectiveAbortedException(int rank, int peer) {
    super(rank, "rank " + rank + " stopped waiting for rank " + peer + ": a rank failed", null);
  }
}
