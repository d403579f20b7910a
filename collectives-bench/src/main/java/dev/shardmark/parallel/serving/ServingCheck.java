package dev.shardmark.parallel.serving;

import java.util.Arrays;

/** Tells whether a trace was served as it must be; all is exact. */
public final class ServingCheck {
  private ServingCheck() {}

  /**
   * Null when right, otherwise what is wrong.
   *
   * @param alone tokens that each request says if it is the only one
   */
  public static String fault(Trace trace, Served served, int[][] alone) {
    for (Request request : trace.requests()) {
      int i = request.id();
      String which = ": request=" + i;
      int length = served.said()[i].length;
      if (length != request.outputTokens()) {
        return "a request says as many tokens as were asked for" + which + " tokens=" + length;
      }
      if (!Arrays.equals(served.said()[i], alone[i])) {
        return "a request says what it says alone" + which;
      }
      if (served.first()[i] < request.arrival()
          || served.last()[i] - served.first()[i] < length - 1) {
        return "a request takes an iteration for each token, after it has come" + which;
      }
      if (i > 0 && served.first()[i] < served.first()[i - 1]) {
        return "requests start in the order of their arrival" + which;
      }
    }
    return null;
  }

  /**
   * Null if batching was continuous, without regard to memory: while a request waits all slots are
   * taken, and no request stays longer than it says tokens.
   */
  public static String continuousFault(Trace trace, Served served) {
    for (Request request : trace.requests()) {
      int i = request.id();
      if (served.last()[i] - served.first()[i] != request.outputTokens() - 1) {
        return "a request leaves with its last token: request=" + i;
      }
      for (int at = request.arrival(); at < served.first()[i]; at++) {
        int now = at;
        long live =
            trace.requests().stream()
                .filter(one -> served.first()[one.id()] <= now && now <= served.last()[one.id()])
                .count();
        if (live < served.slots()) {
          return "no slot is free while a request waits: request=" + i + " iteration=" + at;
        }
      }
    }
    return null;
  }
}
