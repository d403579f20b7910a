package dev.shardmark.kernels.peer;

import java.util.function.Supplier;

/** Opened when first asked for; a failure is said again to whoever asks next. */
final class Once<T> {
  private final Supplier<T> opening;
  private T opened;
  private PeerUnavailableException failure;

  Once(Supplier<T> opening) {
    this.opening = opening;
  }

  synchronized T get() {
    if (failure != null) {
      throw failure;
    }
    if (opened == null) {
      try {
        opened = opening.get();
      } catch (PeerUnavailableException e) {
        failure = e;
        throw e;
      }
    }
    return opened;
  }
}
