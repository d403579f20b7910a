package dev.shardmark.collectives;

/** A buffer does not hold what it should. */
public final class WrongElementsException extends IllegalStateException {
  private static final long serialVersionUID = 1;

  private final long elements;

  WrongElementsException(String message, long elements) {
    super(message);
    this.elements = elements;
  }

  /** How many are wrong, guards among them. */
  public long elements() {
    return elements;
  }
}
