package dev.shardmark.results.store;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;

/**
 * Replaces the content of a file at once: written beside it, forced to the disk, renamed over it.
 * Whoever opens the file, at any moment and after any crash, finds the old content or the new one.
 */
final class Replacement {
  private Replacement() {}

  /** Replaces the content of {@code file}, which is left as it was if that fails. */
  static void write(Path file, byte[] content) throws IOException {
    Path beside = beside(file);
    try {
      Files.deleteIfExists(beside);
      try (FileChannel channel =
          FileChannel.open(beside, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
        ByteBuffer rest = ByteBuffer.wrap(content);
        while (rest.hasRemaining()) {
          channel.write(rest);
        }
        channel.force(true);
      }
      Files.move(beside, file, StandardCopyOption.ATOMIC_MOVE);
    } catch (IOException e) {
      discard(file, e);
      throw e;
    }
    forceDirectory(file.getParent());
  }

  /** The name of the new content until it is complete; what a crash may leave. */
  static Path beside(Path file) {
    return file.resolveSibling(file.getFileName() + ".tmp");
  }

  private static void discard(Path file, IOException reason) {
    try {
      Files.deleteIfExists(beside(file));
    } catch (IOException e) {
      reason.addSuppressed(e);
    }
  }

  private static void forceDirectory(Path directory) {
    try (FileChannel channel = FileChannel.open(directory)) {
      channel.force(true);
    } catch (IOException e) {
      // Windows opens no directory. The rename is atomic all the same, if not yet on the disk.
    }
  }
}
