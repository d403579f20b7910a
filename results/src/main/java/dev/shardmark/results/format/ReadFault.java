package dev.shardmark.results.format;

import tools.jackson.core.JacksonException;
import tools.jackson.core.TokenStreamLocation;
import tools.jackson.core.exc.StreamConstraintsException;
import tools.jackson.databind.exc.MismatchedInputException;
import tools.jackson.databind.exc.UnrecognizedPropertyException;

/** What is wrong with a document, said in its own words instead of the parser's. */
public final class ReadFault {
  private ReadFault() {}

  /** Why the text is not one JSON document. */
  public static String ofText(JacksonException e) {
    if (e instanceof StreamConstraintsException) {
      return "the document is nested too deeply or holds an endless value" + place(e);
    }
    if (e instanceof MismatchedInputException) {
      return "the document goes on after its end" + place(e);
    }
    return e.getOriginalMessage().startsWith("Duplicate")
        ? "the document has a key twice" + place(e)
        : "the document is not complete JSON" + place(e);
  }

  /** Why a JSON document is not a {@code noun}, for example a run. */
  public static String ofFields(String noun, JacksonException e) {
    String field = field(e);
    String at = field.isEmpty() ? "" : ": field=" + field;
    if (e instanceof UnrecognizedPropertyException) {
      return "the " + noun + " has an unknown field" + at;
    }
    if (e.getCause() instanceof NullPointerException missing) {
      String name = missing.getMessage();
      if (name == null) { // of a list's element
        return "the " + noun + " lacks a value" + at;
      }
      return "the "
          + noun
          + " lacks a value: field="
          + (field.isEmpty() ? name : field + "." + name);
    }
    if (e.getCause() instanceof IllegalArgumentException broken) {
      return "the " + noun + " has a wrong value" + at + ": " + broken.getMessage();
    }
    return "the " + noun + " has a value of the wrong kind, or none" + at;
  }

  private static String place(JacksonException e) {
    TokenStreamLocation at = e.getLocation();
    return at == null ? "" : ": line=" + at.getLineNr() + " column=" + at.getColumnNr();
  }

  private static String field(JacksonException e) {
    StringBuilder field = new StringBuilder();
    for (JacksonException.Reference reference : e.getPath()) {
      if (reference.getPropertyName() == null) {
        field.append('[').append(reference.getIndex()).append(']');
      } else {
        field.append(field.isEmpty() ? "" : ".").append(reference.getPropertyName());
      }
    }
    return field.toString();
  }
}
