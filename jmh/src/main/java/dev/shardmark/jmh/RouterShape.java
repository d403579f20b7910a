package dev.shardmark.jmh;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Dimensions of a routing as one parameter, {@code TOKENSxEXPERTSxTOPK}. */
public record RouterShape(int tokens, int experts, int topK) {
  private static final Pattern FORM = Pattern.compile("(\\d{1,9})x(\\d{1,9})x(\\d{1,9})");

  /**
   * Reads {@code TOKENSxEXPERTSxTOPK}.
   *
   * @throws IllegalArgumentException unless it is three counts of at least 1, with topK at most
   *     experts
   */
  public static RouterShape of(String text) {
    return read(text)
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "shape must be TOKENSxEXPERTSxTOPK with counts from 1 to 999999999 and"
                        + " topK <= experts: shape="
                        + text));
  }

  /** The shape a text is, or none; for texts of which it is a part. */
  static Optional<RouterShape> read(String text) {
    Matcher form = FORM.matcher(text);
    if (form.matches()) {
      int tokens = Integer.parseInt(form.group(1));
      int experts = Integer.parseInt(form.group(2));
      int topK = Integer.parseInt(form.group(3));
      if (tokens > 0 && topK > 0 && topK <= experts) {
        return Optional.of(new RouterShape(tokens, experts, topK));
      }
    }
    return Optional.empty();
  }
}
