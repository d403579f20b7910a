package dev.shardmark.collectives;

/** The body of a rank threw: the cause says what. */
public final class RankFailedException extends CollectiveException {
  private static final long serialVersionUID = 1;

  RankFailedException(int rank, Throwable cause) {
    super(rank, "rank " + rank + " failed: " + cause, cause);
  }
}
