package dev.shardmark.jmh;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A routing and the width of the rows it moves as one parameter, {@code ROUTINGxMODEL}. */
public record PermuteShape(RouterShape routing, int model) {
  private static final Pattern FORM = Pattern.compile("(.+)x(\\d{1,9})");

  /**
   * Reads {@code TOKENSxEXPERTSxTOPKxMODEL}.
   *
   * @throws IllegalArgumentException unless it is four counts of at least 1, with topK at most
   *     experts
   */
  public static PermuteShape of(String text) {
    Matcher form = FORM.matcher(text);
    if (form.matches()) {
      Optional<RouterShape> routing = RouterShape.read(form.group(1));
      int model = Integer.parseInt(form.group(2));
      if (routing.isPresent() && model > 0) {
        return new PermuteShape(routing.get(), model);
      }
    }
    throw new IllegalArgumentException(
        "shape must be TOKENSxEXPERTSxTOPKxMODEL with counts from 1 to 999999999 and"
            + " topK <= experts: shape="
            + text);
  }
}
