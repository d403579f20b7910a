package dev.shardmark.jmh;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Dimensions of an append to a cache as one parameter, {@code TOKENSxKVHEADSxHEADDIM}. */
public record KvAppendShape(int tokens, int kvHeads, int headDim) {
  private static final Pattern FORM = Pattern.compile("(\\d{1,9})x(\\d{1,9})x(\\d{1,9})");

  /**
   * Reads {@code TOKENSxKVHEADSxHEADDIM}.
   *
   * @throws IllegalArgumentException unless it is three counts of at least 1
   */
  public static KvAppendShape of(String text) {
    Matcher form = FORM.matcher(text);
    if (form.matches()) {
      int tokens = Integer.parseInt(form.group(1));
      int kvHeads = Integer.parseInt(form.group(2));
      int headDim = Integer.parseInt(form.group(3));
      if (tokens > 0 && kvHeads > 0 && headDim > 0) {
        return new KvAppendShape(tokens, kvHeads, headDim);
      }
    }
    throw new IllegalArgumentException(
        "shape must be TOKENSxKVHEADSxHEADDIM with counts from 1 to 999999999: shape=" + text);
  }
}
