package dev.shardmark.collectives.mpi;

/** There is no MPI library here, or not what is needed of it: one sentence. */
public final class MpiUnavailableException extends RuntimeException {
  private static final long serialVersionUID = 1;

  MpiUnavailableException(String message) {
    super(message);
  }
}
