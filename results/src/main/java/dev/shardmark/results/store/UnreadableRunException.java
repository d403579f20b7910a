package dev.shardmark.results.store;

import java.nio.file.Path;

/** A file that is not one complete run; the message is one sentence and ends with the path. */
public final class UnreadableRunException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  UnreadableRunException(String problem, Path path, Throwable cause) {
    super(problem + ", path=" + path, cause);
  }
}
