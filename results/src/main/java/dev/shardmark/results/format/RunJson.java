package dev.shardmark.results.format;

import com.fasterxml.jackson.annotation.JsonInclude;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.core.util.DefaultIndenter;
import tools.jackson.core.util.DefaultPrettyPrinter;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.MapperFeature;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.cfg.CoercionAction;
import tools.jackson.databind.cfg.CoercionInputShape;
import tools.jackson.databind.cfg.DateTimeFeature;
import tools.jackson.databind.cfg.EnumFeature;
import tools.jackson.databind.cfg.MutableCoercionConfig;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.type.LogicalType;

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

  private static final int MAX_DEPTH = 64; // version 1.0 nests 8 deep

  private static final JsonMapper MAPPER =
      JsonMapper.builder(
              JsonFactory.builder()
                  .streamReadConstraints(
                      StreamReadConstraints.builder().maxNestingDepth(MAX_DEPTH).build())
                  .build())
          .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .enable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
          .enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
          .enable(EnumFeature.FAIL_ON_NUMBERS_FOR_ENUMS)
          .disable(DeserializationFeature.ACCEPT_FLOAT_AS_INT)
          .disable(MapperFeature.ALLOW_COERCION_OF_SCALARS)
          .disable(MapperFeature.SORT_PROPERTIES_ALPHABETICALLY)
          .disable(DateTimeFeature.WRITE_DATES_AS_TIMESTAMPS)
          .withCoercionConfig(LogicalType.Textual, RunJson::refuseNumbers)
          .changeDefaultPropertyInclusion(
              inclusion -> inclusion.withValueInclusion(JsonInclude.Include.NON_NULL))
          .enable(SerializationFeature.INDENT_OUTPUT)
          .defaultPrettyPrinter(
              new DefaultPrettyPrinter().withObjectIndenter(new DefaultIndenter("  ", "\n")))
          .build();

  private RunJson() {}

  private static void refuseNumbers(MutableCoercionConfig text) {
    text.setCoercion(CoercionInputShape.Integer, CoercionAction.Fail)
        .setCoercion(CoercionInputShape.Float, CoercionAction.Fail)
        .setCoercion(CoercionInputShape.Boolean, CoercionAction.Fail);
  }

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
      throw new IllegalArgumentException(ReadFault.ofFields(e), e);
    }
  }
}
