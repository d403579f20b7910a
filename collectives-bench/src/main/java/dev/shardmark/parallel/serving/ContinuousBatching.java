package dev.shardmark.parallel.serving;

import java.util.ArrayDeque;
import java.util.Deque;

/**
 * Requests that come and go between iterations: who is done leaves at once, and who waits longest
 * takes the slot, if its keys and values fit.
 *
 * <p>Where a request that grows finds no room, the one that started last makes way; it waits in
 * front of all others, and computes what it had said once more when it comes back. Nobody starts in
 * an iteration in which somebody made way. So the oldest always goes on, and nobody starves.
 *
 * <p><b>Source</b> G. Yu et al., Orca: A Distributed Serving System for Transformer-Based
 * Generative Models, 2022, section 3.
 */
public final class ContinuousBatching implements Batching {
  private final Trace trace;
  private final KvMemory memory;
  private final DecodeStep step;
  private final Ledger ledger;
  private final Batch batch;

  /** Those that made way, who started first in front. */
  private final Deque<Request> back = new ArrayDeque<>();

  /** By slot. */
  private final Request[] requests;

  /** Slots taken, who started first in front. */
  private final int[] order;

  private int live;
  private int next;

  /**
   * A batching that has answered nothing yet.
   *
   * @throws IllegalArgumentException if there is no slot, or a request would not fit alone
   */
  public ContinuousBatching(Trace trace, int slots, KvMemory memory, DecodeStep step) {
    if (slots < 1) {
      throw new IllegalArgumentException("a batch must have a slot: slots=" + slots);
    }
    if (trace.mostCachedTokens() > memory.mostTokens()) {
      throw new IllegalArgumentException(
          "every request must fit the memory alone: tokens="
              + trace.mostCachedTokens()
              + " memory="
              + memory.mostTokens());
    }
    this.trace = trace;
    this.memory = memory;
    this.step = step;
    ledger = new Ledger(trace.requests(), slots, memory);
    batch = new Batch(slots, ledger.said);
    requests = new Request[slots];
    order = new int[slots];
  }

  @Override
  public boolean isDone() {
    return live == 0 && back.isEmpty() && next == trace.requests().size();
  }

  @Override
  public void iterate() {
    batch.clear();
    boolean enough = true;
    for (int i = 0; i < live; i++) {
      while (i < live && !memory.grow(order[i])) {
        preempt();
        enough = false;
      }
    }
    for (int i = 0; i < live; i++) {
      batch.add(order[i], requests[order[i]], false);
    }
    while (enough && live < order.length && admit()) {
      batch.add(order[live - 1], requests[order[live - 1]], true);
    }
    step.iterate(batch);
    leave();
  }

  /** The last to have started makes way. */
  private void preempt() {
    int slot = order[--live];
    back.addFirst(requests[slot]);
    release(slot);
    ledger.preempt();
  }

  private boolean admit() {
    Request first = back.isEmpty() ? arrived() : back.peekFirst();
    if (first == null) {
      return false;
    }
    int slot = freeSlot();
    int known = first.promptTokens() + batch.saidBy(first);
    if (!memory.admit(slot, known, first.cachedTokens())) {
      return false;
    }
    ledger.start(first, known);
    requests[slot] = first;
    order[live++] = slot;
    if (back.isEmpty()) {
      next++;
    } else {
      back.removeFirst();
    }
    return true;
  }

  /** Who waits longest, or null. */
  private Request arrived() {
    boolean any =
        next < trace.requests().size() && trace.requests().get(next).arrival() <= ledger.now();
    return any ? trace.requests().get(next) : null;
  }

  private int freeSlot() {
    int slot = 0;
    while (requests[slot] != null) {
      slot++;
    }
    return slot;
  }

  /** Takes out who is done; the others keep their order. */
  private void leave() {
    int before = live;
    for (int i = 0; i < before; i++) {
      if (batch.isDone(requests[order[i]])) {
        ledger.end(requests[order[i]]);
      }
    }
    ledger.count(before);
    live = 0;
    for (int i = 0; i < before; i++) {
      int slot = order[i];
      if (batch.isDone(requests[slot])) {
        release(slot);
      } else {
        order[live++] = slot;
      }
    }
  }

  private void release(int slot) {
    requests[slot] = null;
    memory.release(slot);
    step.release(slot);
  }

  @Override
  public Served served() {
    return ledger.served();
  }
}
