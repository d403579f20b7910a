package dev.shardmark.collectives;

/** The first failure of a run; those that follow are kept with it as suppressed. */
final class FirstFailure {
  private volatile CollectiveException first;

  /** Polled by every waiting rank. */
  boolean isSet() {
    return first != null;
  }

  synchronized void report(int rank, Throwable thrown) {
    if (thrown instanceof CollectiveAbortedException && first != null) {
      return; // a consequence of the first failure, not another one
    }
    CollectiveException failure =
        thrown instanceof CollectiveTimeoutException late
            ? late
            : new RankFailedException(rank, thrown);
    if (first == null) {
      first = failure;
    } else {
      first.addSuppressed(failure);
    }
  }

  void rethrow() {
    CollectiveException failure = first;
    if (failure != null) {
      throw failure;
    }
  }

  void clear() {
    first = null;
  }
}
