package dev.shardmark.collectives.channel;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.Arrays;

/**
 * Slots of 128 bytes with one writer each: a flag that only grows, and words it publishes.
 *
 * <p>What a thread wrote before {@link #publish}, another sees once {@link #flag} shows the value.
 */
public final class Slots {
  private static final VarHandle WORDS = MethodHandles.arrayElementVarHandle(long[].class);

  /** 128 bytes: a cache line, and its neighbour, which hardware fetches with it. */
  private static final int STRIDE = 128 / Long.BYTES;

  private final long[] words;

  public Slots(int slots) {
    words = new long[(slots + 2) * STRIDE]; // one empty slot at each end
  }

  public long flag(int slot) {
    return (long) WORDS.getAcquire(words, at(slot));
  }

  public void publish(int slot, long flag) {
    WORDS.setRelease(words, at(slot), flag);
  }

  /** Publishes the next flag and returns it; for the writer alone. */
  public long publishNext(int slot) {
    long next = words[at(slot)] + 1;
    publish(slot, next);
    return next;
  }

  /** Word {@code word}, from 1, as published with the flag last seen. */
  public long word(int slot, int word) {
    return words[at(slot) + word];
  }

  public void setWord(int slot, int word, long value) {
    words[at(slot) + word] = value;
  }

  /** Back to zero, while no other thread looks. */
  public void reset() {
    Arrays.fill(words, 0);
  }

  private static int at(int slot) {
    return (slot + 1) * STRIDE;
  }
}
