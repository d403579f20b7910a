package dev.shardmark.kernels.peer;

/** A library to compare with is not here, or lacks a function; the message is one sentence. */
public final class PeerUnavailableException extends IllegalArgumentException {
  private static final long serialVersionUID = 1;

  PeerUnavailableException(String message) {
    super(message);
  }
}
