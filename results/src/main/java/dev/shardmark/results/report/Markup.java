package dev.shardmark.results.report;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Set;

/**
 * Writes HTML and SVG elements. What is open is known, so the result is well formed; every text and
 * attribute value passes through {@link #escape}.
 */
final class Markup {
  /** Elements inside a line of text: a line break after them would show as a space. */
  private static final Set<String> INLINE =
      Set.of(
          "a", "b", "button", "code", "dd", "dt", "label", "option", "span", "text", "title",
          "wbr");

  private final StringBuilder out = new StringBuilder();
  private final Deque<String> open = new ArrayDeque<>();

  /** Opens an element. Attributes are name, value, name, value; a null value leaves one out. */
  Markup open(String tag, String... attributes) {
    start(tag, attributes);
    out.append('>');
    open.push(tag);
    return this;
  }

  Markup close() {
    String tag = open.pop();
    out.append("</").append(tag).append('>');
    breakLine(tag);
    return this;
  }

  /** An element that holds nothing. */
  Markup empty(String tag, String... attributes) {
    start(tag, attributes);
    out.append("/>");
    breakLine(tag);
    return this;
  }

  /** An element that holds text alone. */
  Markup leaf(String tag, String text, String... attributes) {
    return open(tag, attributes).text(text).close();
  }

  Markup text(String text) {
    escape(text);
    return this;
  }

  /** An element whose content is a resource of this package, as it is. */
  Markup verbatim(String tag, String resource) {
    out.append('<').append(tag).append('>').append(resource);
    out.append("</").append(tag).append('>');
    breakLine(tag);
    return this;
  }

  @Override
  public String toString() {
    if (!open.isEmpty()) {
      throw new IllegalStateException("an element is still open: " + open.peek());
    }
    return out.toString();
  }

  private void start(String tag, String... attributes) {
    out.append('<').append(tag);
    for (int i = 0; i < attributes.length; i += 2) {
      if (attributes[i + 1] != null) {
        out.append(' ').append(attributes[i]).append("=\"");
        escape(attributes[i + 1]);
        out.append('"');
      }
    }
  }

  private void breakLine(String tag) {
    if (!INLINE.contains(tag)) {
      out.append('\n');
    }
  }

  private void escape(String text) {
    text.codePoints().forEach(this::escape);
  }

  private void escape(int c) {
    switch (c) {
      case '&' -> out.append("&amp;");
      case '<' -> out.append("&lt;");
      case '>' -> out.append("&gt;");
      case '"' -> out.append("&quot;");
      case '\'' -> out.append("&#39;");
      default -> out.appendCodePoint(printable(c) ? c : 0xFFFD);
    }
  }

  /** Whether the character may stand in a document and does not reorder its neighbours. */
  private static boolean printable(int c) {
    int type = Character.getType(c);
    return c == '\n'
        || c == '\t'
        || type != Character.CONTROL
            && type != Character.FORMAT
            && type != Character.SURROGATE
            && type != Character.UNASSIGNED;
  }
}
