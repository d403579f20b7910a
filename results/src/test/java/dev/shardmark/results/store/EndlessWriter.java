package dev.shardmark.results.store;

import dev.shardmark.results.format.ExampleRun;
import java.nio.file.Files;
import java.nio.file.Path;

/** Adds rows to a run until it is killed; says the number of rows after each. */
final class EndlessWriter {
  public static void main(String[] args) {
    Path path = Path.of(args[0]);
    RunFile file =
        Files.exists(path) ? RunFile.resume(path) : RunFile.create(path, ExampleRun.header());
    while (true) {
      int rows = file.run().rows().size();
      file.add(ExampleRun.row(rows));
      System.out.println(rows + 1);
    }
  }
}
