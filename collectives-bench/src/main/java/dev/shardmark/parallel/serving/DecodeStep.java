package dev.shardmark.parallel.serving;

/**
 * A model, as a scheduler of requests sees it.
 *
 * <p><b>Edge cases</b> a batch may be empty: where others wait for this rank's part of an
 * iteration, it takes part all the same.
 *
 * <p><b>Threading</b> the thread of the rank.
 */
public interface DecodeStep {
  /**
   * One iteration: answers every place of the batch with its next token. A place that starts has
   * its prompt computed first, apart from the others, and behind it what the request has said
   * before it lost its memory.
   */
  void iterate(Batch batch);

  /** Forgets the request in a slot. */
  void release(int slot);
}
