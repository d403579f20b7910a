package dev.shardmark.cli.collectives;

/** A program to compare with is not here, or does not run. */
final class PeerAbsentException extends Exception {
  private static final long serialVersionUID = 1;

  PeerAbsentException(String message) {
    super(message);
  }

  PeerAbsentException(String message, Throwable cause) {
    super(message, cause);
  }
}
