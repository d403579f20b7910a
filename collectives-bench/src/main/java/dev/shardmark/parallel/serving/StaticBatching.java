package dev.shardmark.parallel.serving;

/**
 * Batches that start together and end together: who is done early is computed on, and what it says
 * is dropped, until the longest is done.
 *
 * <p>A batch has all that wait when the one before is done, as many as there are slots.
 */
public final class StaticBatching implements Batching {
  private final Trace trace;
  private final DecodeStep step;
  private final Ledger ledger;
  private final KvMemory memory;
  private final Batch batch;
  private final Request[] live;
  private int size;
  private int next;

  /**
   * A batching that has answered nothing yet.
   *
   * @throws IllegalArgumentException if there is no slot
   */
  public StaticBatching(Trace trace, int slots, DecodeStep step) {
    if (slots < 1) {
      throw new IllegalArgumentException("a batch must have a slot: slots=" + slots);
    }
    this.trace = trace;
    this.step = step;
    int prompts = trace.requests().stream().mapToInt(Request::promptTokens).max().orElse(1);
    int outputs = trace.requests().stream().mapToInt(Request::outputTokens).max().orElse(1);
    int each = prompts + outputs; // of the longest prompt in a batch with the longest answer
    memory = new ContiguousMemory(slots, Math.multiplyExact(slots, each), each);
    ledger = new Ledger(trace.requests(), slots, memory);
    batch = new Batch(slots, ledger.said);
    live = new Request[slots];
  }

  @Override
  public boolean isDone() {
    return size == 0 && next == trace.requests().size();
  }

  @Override
  public void iterate() {
    boolean starts = size == 0;
    if (starts) {
      form();
    }
    batch.clear();
    for (int slot = 0; slot < size; slot++) {
      if (!starts) {
        memory.grow(slot);
      }
      batch.add(slot, live[slot], starts);
      if (batch.isDone(live[slot])) {
        ledger.pad();
      }
    }
    int before = size;
    step.iterate(batch);
    leave();
    ledger.count(before);
    if (size == 0) {
      for (int slot = 0; slot < before; slot++) {
        memory.release(slot);
        step.release(slot);
      }
    }
  }

  private void form() {
    while (size < live.length
        && next < trace.requests().size()
        && trace.requests().get(next).arrival() <= ledger.now()) {
      live[size] = trace.requests().get(next++);
      memory.admit(size, live[size].promptTokens(), memory.mostTokens());
      ledger.start(live[size++], 0);
    }
  }

  /** All or nobody. */
  private void leave() {
    boolean all = true;
    for (int slot = 0; slot < size; slot++) {
      all &= batch.isDone(live[slot]);
    }
    if (all) {
      for (int slot = 0; slot < size; slot++) {
        ledger.end(live[slot]);
      }
      size = 0;
    }
  }

  @Override
  public Served served() {
    return ledger.served();
  }
}
