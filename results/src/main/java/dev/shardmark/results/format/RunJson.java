package dev.shardmark.results.format;

import tools.jackson.core.JacksonException;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Runs as JSON and back: the document that {@code run.schema.json} describes.
 *
 * <p>What is written is UTF-8, indented, in the order of the record components and of map keys, so
 * that one run is always the same bytes. Components that are null are left out; instants are
 * ISO-8601 text.
 */
public final class RunJson {
  /** Largest document, in bytes: some ten thousand rows. */
  public static final int MAX_BYTES = 64 << 20;

  private static final JsonMapper MAPPER = StrictJson.MAPPER;

  private RunJson() {}

  /**
   * The document of {@code run}.
   *
   * @throws IllegalArgumentException if it would be longer than {@link #MAX_BYTES}
   */
  public static byte[] write(Run run) {
    byte[] document = MAPPER.writeValueAsBytes(run);
    if (document.length > MAX_BYTES) {
      throw new IllegalArgumentException(
          "a run must fit into " + MAX_BYTES + " bytes: bytes=" + document.length);
    }
    return document;
  }

  /**
   * The run of a document. A document of a newer minor version may hold fields this code does not
   * know; in any other they are an error.
   *
   * @throws IllegalArgumentException with one sentence about what is wrong, if this is not exactly
   *     one run of a version this code reads
   */
  public static Run read(byte[] document) {
    if (document.length > MAX_BYTES) {
      throw new IllegalArgumentException("the document is longer than " + MAX_BYTES + " bytes");
    }
    if (document.length == 0) {
      throw new IllegalArgumentException("the document is empty");
    }
    JsonNode tree;
    try {
      tree = MAPPER.readTree(document);
    } catch (JacksonException e) {
      throw new IllegalArgumentException(ReadFault.ofText(e), e);
    }
    boolean newer = Version.of(tree).newerThanOurs();
    try {
      return newer
          ? MAPPER
              .readerFor(Run.class)
              .without(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
              .readValue(tree)
          : MAPPER.treeToValue(tree, Run.class);
    } catch (JacksonException e) {
      throw new IllegalArgumentException(ReadFault.ofFields("run", e), e);
    }
  }
}
