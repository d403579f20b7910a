package dev.shardmark.results.store;

import java.nio.file.Path;

/** A run that could not be kept; the message is one sentence and ends with the path. */
public final class UnwritableRunException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  UnwritableRunException(String problem, Path path, Throwable cause) {
    super(problem + ", path=" + path, cause);
  }
}
