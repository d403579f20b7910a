package dev.shardmark.cli;

import dev.shardmark.collectives.mpi.MpiUnavailableException;
import dev.shardmark.results.store.UnreadableRunException;
import dev.shardmark.results.store.UnwritableRunException;
import java.io.IOException;
import java.io.UncheckedIOException;

/** Failures that are the input's, the disk's or the machine's, not the program's. */
final class Refusals {
  private Refusals() {}

  static boolean isRefusal(Exception e) {
    return e instanceof UnreadableRunException
        || e instanceof UnwritableRunException
        || e instanceof MpiUnavailableException
        || e instanceof UncheckedIOException
        || e instanceof IOException;
  }
}
