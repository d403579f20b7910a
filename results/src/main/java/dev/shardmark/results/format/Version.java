package dev.shardmark.results.format;

import java.util.regex.Matcher;
import java.util.regex.Pattern;
import tools.jackson.databind.JsonNode;

/** The version of a run's document: {@code major.minor}. */
record Version(int major, int minor) {
  private static final Pattern MAJOR_MINOR = Pattern.compile("(\\d{1,4})\\.(\\d{1,4})");

  /** What this code writes. */
  static final Version OURS = parse(Run.SCHEMA_VERSION);

  /**
   * The version a document declares.
   *
   * @throws IllegalArgumentException if it is no run, or one of another major version
   */
  static Version of(JsonNode document) {
    if (!text(document, "format").equals(Run.FORMAT)) {
      throw new IllegalArgumentException(
          "the document is not a run: it lacks \"format\": \"" + Run.FORMAT + "\"");
    }
    Version version = parse(text(document, "schemaVersion"));
    if (version.major != OURS.major) {
      throw new IllegalArgumentException(
          "the run has version " + version + ", this program reads " + OURS.major + ".x");
    }
    return version;
  }

  boolean newerThanOurs() {
    return minor > OURS.minor;
  }

  @Override
  public String toString() {
    return major + "." + minor;
  }

  private static String text(JsonNode document, String field) {
    JsonNode value = document.path(field);
    return value.isString() ? value.stringValue() : "";
  }

  private static Version parse(String text) {
    Matcher matcher = MAJOR_MINOR.matcher(text);
    if (!matcher.matches()) {
      throw new IllegalArgumentException(
          "the run's schemaVersion must be major.minor: schemaVersion=" + text);
    }
    return new Version(Integer.parseInt(matcher.group(1)), Integer.parseInt(matcher.group(2)));
  }
}
