package dev.shardmark.results.claims;

import dev.shardmark.results.format.ReadFault;
import dev.shardmark.results.format.StrictJson;
import java.util.List;
import java.util.Objects;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;

/** Reads files of claims. */
public final class ClaimsJson {
  /** What such a file says it is. */
  public static final String FORMAT = "shardmark-claims";

  private ClaimsJson() {}

  private record Document(String format, String title, List<Claim> claims) {
    Document {
      Objects.requireNonNull(format, "format");
      Objects.requireNonNull(title, "title");
      Objects.requireNonNull(claims, "claims");
    }
  }

  /**
   * The claims of a document, in its order.
   *
   * @throws IllegalArgumentException with one sentence about what is wrong, if this is no file of
   *     claims
   */
  public static Chapter read(byte[] document) {
    JsonNode tree;
    try {
      tree = StrictJson.MAPPER.readTree(document);
    } catch (JacksonException e) {
      throw new IllegalArgumentException(ReadFault.ofText(e), e);
    }
    if (!FORMAT.equals(tree.path("format").asString(""))) {
      throw new IllegalArgumentException(
          "the document is no file of claims: it lacks \"format\": \"" + FORMAT + "\"");
    }
    try {
      Document read = StrictJson.MAPPER.treeToValue(tree, Document.class);
      return new Chapter(read.title(), read.claims());
    } catch (JacksonException e) {
      throw new IllegalArgumentException(ReadFault.ofFields("file of claims", e), e);
    }
  }
}
