package dev.shardmark.collectives.mpi;

/** An MPI function did not return success. */
public final class MpiException extends RuntimeException {
  private static final long serialVersionUID = 1;

  MpiException(String message) {
    super(message);
  }
}
