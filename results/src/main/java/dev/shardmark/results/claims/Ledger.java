package dev.shardmark.results.claims;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.List;

/** The project's claims and what is known about them. */
public final class Ledger {
  private static final List<String> FILES =
      List.of(
          "introduction",
          "phases",
          "model",
          "attention",
          "feed-forward",
          "decoding",
          "systems",
          "single",
          "tensor",
          "pipeline",
          "data",
          "expert",
          "context",
          "layouts",
          "tricks");

  private static final List<Chapter> CHAPTERS = FILES.stream().map(Ledger::chapter).toList();

  private final List<Part> parts;

  /** What the sources say about every claim. */
  public Ledger(Sources sources) {
    parts =
        CHAPTERS.stream()
            .map(
                chapter ->
                    new Part(
                        chapter.title(),
                        chapter.claims().stream()
                            .map(claim -> claim.rule().decide(claim, sources))
                            .toList()))
            .toList();
  }

  /** A chapter and what became of its claims. */
  public record Part(String title, List<Decision> decisions) {}

  /** The claims, in the order of the post. */
  public static List<Chapter> chapters() {
    return CHAPTERS;
  }

  public List<Part> parts() {
    return parts;
  }

  public List<Decision> decisions() {
    return parts.stream().flatMap(part -> part.decisions().stream()).toList();
  }

  private static Chapter chapter(String name) {
    try (InputStream in = Ledger.class.getResourceAsStream(name + ".json")) {
      return ClaimsJson.read(in.readAllBytes());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
