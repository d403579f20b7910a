package dev.shardmark.results.targets;

import dev.shardmark.results.format.ReadFault;
import dev.shardmark.results.format.StrictJson;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;

/** Reads files of targets. */
public final class TargetsJson {
  /** What such a file says it is. */
  public static final String FORMAT = "shardmark-targets";

  private TargetsJson() {}

  private record Document(String format, List<Target> targets) {
    Document {
      Objects.requireNonNull(format, "format");
      targets = List.copyOf(Objects.requireNonNull(targets, "targets"));
      if (targets.isEmpty()) {
        throw new IllegalArgumentException("there must be a target: targets=[]");
      }
      Set<String> known = new HashSet<>();
      for (Target target : targets) {
        if (!known.add(target.what())) {
          throw new IllegalArgumentException(
              "two targets must not have the same words: what=" + target.what());
        }
      }
    }
  }

  /**
   * The targets of a document, in its order.
   *
   * @throws IllegalArgumentException with one sentence about what is wrong, if this is no file of
   *     targets
   */
  public static List<Target> read(byte[] document) {
    JsonNode tree;
    try {
      tree = StrictJson.MAPPER.readTree(document);
    } catch (JacksonException e) {
      throw new IllegalArgumentException(ReadFault.ofText(e), e);
    }
    if (!FORMAT.equals(tree.path("format").asString(""))) {
      throw new IllegalArgumentException(
          "the document is no file of targets: it lacks \"format\": \"" + FORMAT + "\"");
    }
    try {
      return StrictJson.MAPPER.treeToValue(tree, Document.class).targets();
    } catch (JacksonException e) {
      throw new IllegalArgumentException(ReadFault.ofFields("file of targets", e), e);
    }
  }
}
