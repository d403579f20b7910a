package dev.shardmark.parallel.serving;

import java.util.List;

/**
 * The next token is a hash of the prompt and of all that was said: wrong memory says it wrongly.
 */
public class ToyStep implements DecodeStep {
  private final long[] states;
  private final int[] known;

  public ToyStep(int slots) {
    states = new long[slots];
    known = new int[slots];
  }

  /** Tokens of each request of a trace, if it were the only one. */
  public static int[][] alone(Trace trace) {
    int[][] said = new int[trace.requests().size()][];
    for (Request request : trace.requests()) {
      Trace one =
          new Trace(List.of(new Request(0, 0, request.promptTokens(), request.outputTokens())));
      said[request.id()] = new StaticBatching(one, 1, new ToyStep(1)).serve().said()[0];
    }
    return said;
  }

  @Override
  public void iterate(Batch batch) {
    for (int place = 0; place < batch.size(); place++) {
      int slot = batch.slot(place);
      if (batch.starts(place)) {
        for (int t = 0; t < batch.request(place).promptTokens(); t++) {
          states[slot] = mix(states[slot], batch.request(place).promptTokens() * 31 + t);
        }
      }
      for (; known[slot] < batch.saidCount(place); known[slot]++) {
        states[slot] = mix(states[slot], batch.said(place, known[slot]));
      }
      batch.answer(place, (int) (states[slot] >>> 40));
    }
  }

  @Override
  public void release(int slot) {
    states[slot] = 0;
    known[slot] = 0;
  }

  private static long mix(long state, int token) {
    long z = (state ^ token) * 0x9E3779B97F4A7C15L + 1;
    return z ^ (z >>> 29);
  }
}
