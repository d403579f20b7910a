package dev.shardmark.cli;

import dev.shardmark.results.store.UnreadableRunException;
import dev.shardmark.results.store.UnwritableRunException;
import java.io.IOException;

/** Failures that are the input's or the disk's, not the program's. */
final class Refusals {
  private Refusals() {}

  static boolean isRefusal(Exception e) {
    return e instanceof UnreadableRunException
        || e instanceof UnwritableRunException
        || e instanceof IOException;
  }
}
