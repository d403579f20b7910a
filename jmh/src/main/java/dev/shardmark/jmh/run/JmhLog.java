package dev.shardmark.jmh.run;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.openjdk.jmh.runner.format.OutputFormat;
import org.openjdk.jmh.runner.format.OutputFormatFactory;
import org.openjdk.jmh.runner.options.VerboseMode;

/** Everything JMH prints, kept in a file off the console, and searched when a row fails. */
final class JmhLog implements AutoCloseable {
  private static final String ERROR_LINE = "^(Caused by: )?[\\w.$]+(Exception|Error)(: .*)?$";

  private final PrintStream file;
  private final ByteArrayOutputStream row = new ByteArrayOutputStream();
  private final PrintStream both;

  JmhLog(Path path) throws IOException {
    OutputStream out =
        Files.newOutputStream(path, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
    file = new PrintStream(out, true, StandardCharsets.UTF_8);
    both = new PrintStream(new Tee(), true, StandardCharsets.UTF_8);
  }

  OutputFormat format() {
    return OutputFormatFactory.createFormatInstance(both, VerboseMode.NORMAL);
  }

  void startRow(String name) {
    row.reset();
    file.println("== " + name);
  }

  /** What the forks of the last row said went wrong, in one line. */
  String failure() {
    return row.toString(StandardCharsets.UTF_8)
        .lines()
        .map(String::strip)
        .filter(line -> line.matches(ERROR_LINE))
        .findFirst()
        .orElse("the forked JVM ended without a result; its output is in the log");
  }

  @Override
  public void close() {
    file.close();
  }

  private final class Tee extends OutputStream {
    @Override
    public void write(int b) {
      file.write(b);
      row.write(b);
    }

    @Override
    public void write(byte[] bytes, int at, int length) {
      file.write(bytes, at, length);
      row.write(bytes, at, length);
    }

    @Override
    public void flush() {
      file.flush();
    }
  }
}
