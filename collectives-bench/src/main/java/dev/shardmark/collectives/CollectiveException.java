package dev.shardmark.collectives;

/** A rank could not finish its part. */
public abstract class CollectiveException extends RuntimeException {
  private static final long serialVersionUID = 1;

  private final int rank;

  CollectiveException(int rank, String message, Throwable cause) {
    super(message, cause);
    this.rank = rank;
  }

  /** The rank that could not finish. */
  public int rank() {
    return rank;
  }
}
