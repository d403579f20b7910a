package dev.shardmark.results.store;

import dev.shardmark.results.format.Roof;
import dev.shardmark.results.format.Row;
import dev.shardmark.results.format.Run;
import dev.shardmark.results.format.RunJson;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;

/**
 * A run on disk that rows are added to. The file is one complete document from the first moment on:
 * when {@link #add} returns the row is on the disk, and a process that dies at any moment leaves
 * the rows it had added.
 *
 * <p>One thread of one process adds to a file. A process that finds the file changed by another
 * stops with an {@link UnwritableRunException} and changes nothing. Every method that fails leaves
 * file and {@link #run()} as they were.
 */
public final class RunFile {
  private final Path path;
  private Run run;
  private Stamp stamp;

  private RunFile(Path path, Run run, Stamp stamp) {
    this.path = path;
    this.run = run;
    this.stamp = stamp;
  }

  /**
   * The run in {@code path}.
   *
   * @throws UnreadableRunException if there is no file, or it is not one complete run of a version
   *     this code reads
   */
  public static Run read(Path path) {
    if (!Files.exists(path)) {
      throw new UnreadableRunException("there is no such file", path, null);
    }
    if (!Files.isRegularFile(path)) {
      throw new UnreadableRunException("this is not a file", path, null);
    }
    try (InputStream in = Files.newInputStream(path)) {
      return RunJson.read(in.readNBytes(RunJson.MAX_BYTES + 1));
    } catch (IOException e) {
      throw new UnreadableRunException("the file could not be read: " + IoFault.reason(e), path, e);
    } catch (IllegalArgumentException e) {
      throw new UnreadableRunException(e.getMessage(), path, e);
    }
  }

  /**
   * Starts a file with {@code header}, a run to which rows are then added, and makes the folders it
   * needs.
   *
   * @throws UnwritableRunException if the file exists or cannot be written
   */
  public static RunFile create(Path path, Run header) {
    Path file = path.toAbsolutePath();
    if (Files.exists(file, LinkOption.NOFOLLOW_LINKS)) {
      throw new UnwritableRunException("the file exists and is not overwritten", path, null);
    }
    try {
      Files.createDirectories(file.getParent());
      Replacement.write(file, RunJson.write(header));
      return new RunFile(file, header, Stamp.of(file));
    } catch (IOException e) {
      throw new UnwritableRunException(
          "the run could not be written: " + IoFault.reason(e), path, e);
    }
  }

  /**
   * Opens a file to go on with it, and removes what a crash may have left beside it.
   *
   * @throws UnreadableRunException as {@link #read} does, and for a run of another version than
   *     this code writes: writing would lose what only that version knows
   */
  public static RunFile resume(Path path) {
    Run run = read(path);
    if (!run.schemaVersion().equals(Run.SCHEMA_VERSION)) {
      throw new UnreadableRunException(
          "a run of version "
              + run.schemaVersion()
              + " cannot be continued in version "
              + Run.SCHEMA_VERSION,
          path,
          null);
    }
    try {
      Path file = path.toRealPath();
      Stamp stamp = Stamp.of(file);
      Files.deleteIfExists(Replacement.beside(file));
      return new RunFile(file, run, stamp);
    } catch (IOException e) {
      throw new UnwritableRunException(
          "the run could not be opened to go on with it: " + IoFault.reason(e), path, e);
    }
  }

  /**
   * Opens a file to add rows that its request does not name: a run that is finished goes on until
   * it is finished again.
   *
   * @throws UnreadableRunException as {@link #resume} does
   */
  public static RunFile reopen(Path path) {
    RunFile file = resume(path);
    if (file.run.finishedAt() != null) {
      file.keep(file.run.finished(null));
    }
    return file;
  }

  /** What the file holds now. */
  public Run run() {
    return run;
  }

  /**
   * Adds a row.
   *
   * @throws IllegalArgumentException if the run has a row of that name
   * @throws IllegalStateException if the run is finished
   * @throws UnwritableRunException if the row could not be written
   */
  public void add(Row row) {
    requireUnfinished();
    keep(run.plus(row));
  }

  /**
   * Sets the ceilings, once: figures in rows are relative to them.
   *
   * @throws IllegalStateException if the run has roofs, or is finished
   * @throws UnwritableRunException if they could not be written
   */
  public void roofs(List<Roof> roofs) {
    requireUnfinished();
    if (!run.roofs().isEmpty()) {
      throw new IllegalStateException("the run already has its roofs: path=" + path);
    }
    keep(run.withRoofs(roofs));
  }

  /**
   * Adds facts to the context, which explain what was measured; one of a name that is there
   * replaces it.
   *
   * @throws IllegalStateException if the run is finished
   * @throws UnwritableRunException if they could not be written
   */
  public void explain(Map<String, String> facts) {
    requireUnfinished();
    keep(run.explained(facts));
  }

  /**
   * Marks the run as complete; nothing can be added after.
   *
   * @throws IllegalStateException if the run is finished
   * @throws UnwritableRunException if that could not be written
   */
  public void finish(Instant finishedAt) {
    requireUnfinished();
    keep(run.finished(finishedAt));
  }

  private void requireUnfinished() {
    if (run.finishedAt() != null) {
      throw new IllegalStateException("the run is finished: path=" + path);
    }
  }

  private void keep(Run next) {
    try {
      if (!Stamp.of(path).equals(stamp)) {
        throw new UnwritableRunException("another process changed the run", path, null);
      }
      Replacement.write(path, RunJson.write(next));
      stamp = Stamp.of(path);
      run = next;
    } catch (IOException e) {
      throw new UnwritableRunException(
          "the run could not be written: " + IoFault.reason(e), path, e);
    }
  }
}
