package dev.shardmark.parallel.serving;

/**
 * How many keys and values fit, counted in tokens; the elements themselves are the {@link
 * DecodeStep}'s. Each slot belongs to one request at a time.
 *
 * <p><b>Threading</b> one thread.
 */
public interface KvMemory {
  /** The most tokens one request could ever have. */
  int mostTokens();

  /**
   * Makes room for a request of {@code tokens} that may grow to {@code most}; or changes nothing.
   */
  boolean admit(int slot, int tokens, int most);

  /** Makes room for one more token of a slot; or changes nothing. */
  boolean grow(int slot);

  /** Takes back the room of a slot. */
  void release(int slot);

  /** Places that no other request can have. */
  long heldTokens();

  /** Places that hold a token. */
  long filledTokens();
}
