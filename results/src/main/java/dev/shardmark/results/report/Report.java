package dev.shardmark.results.report;

import dev.shardmark.results.claims.Fact;
import dev.shardmark.results.format.Run;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.List;

/**
 * A run as one HTML page that needs nothing else: no network, no other file.
 *
 * <p>The page is a pure function of the run: the same run gives the same bytes in every locale and
 * at every time. Rows may fail and be missing; what is not there is left out or named.
 */
public final class Report {
  private static final String STYLE = resource("report.css");
  private static final String SCRIPT = resource("report.js");

  /** Nothing may be loaded, and of inline code only the two resources as they are. */
  private static final String POLICY =
      "default-src 'none'; img-src data:; base-uri 'none'; form-action 'none'; style-src '"
          + hash(STYLE)
          + "'; script-src '"
          + hash(SCRIPT)
          + "'";

  private final Run run;
  private final List<Section> sections;

  /** Of a run alone: claims that configurations decide stay open. */
  public Report(Run run) {
    this(run, List.of());
  }

  /** Of a run, with what else claims are decided from. */
  public Report(Run run, List<Fact> facts) {
    this.run = run;
    this.sections =
        List.of(
            new RoofsSection(run),
            new PeersSection(run),
            new ShardsSection(run),
            new RanksSection(run),
            new AxesSection(run),
            new SweepsSection(run),
            new LayersSection(run),
            new ClaimsSection(run, facts),
            new RowsSection(run),
            new NotesSection(run));
  }

  /** Writes the page of a run to a file, in place of what was there; claims see the facts too. */
  public static void write(Run run, List<Fact> facts, Path file) throws IOException {
    Files.writeString(file, new Report(run, facts).html());
  }

  /** The page. */
  public String html() {
    Header header = new Header(run);
    Markup page = new Markup().open("html", "lang", "en").open("head");
    page.empty("meta", "charset", "utf-8");
    page.empty("meta", "http-equiv", "Content-Security-Policy", "content", POLICY);
    page.empty("meta", "name", "viewport", "content", "width=device-width, initial-scale=1");
    page.empty("meta", "name", "color-scheme", "content", "light dark");
    page.empty("link", "rel", "icon", "href", "data:,");
    page.leaf("title", "Shardmark: " + header.machine());
    page.verbatim("style", STYLE).close();
    page.open("body").leaf("a", "Skip to the rows", "href", "#rows", "class", "skip");
    page.open("header");
    header.write(page);
    page.close();
    navigation(page);
    page.open("main");
    for (Section section : sections) {
      page.open("section", "id", section.id(), "aria-labelledby", section.id() + "-title");
      page.leaf("h2", section.title(), "id", section.id() + "-title");
      section.write(page);
      page.close();
    }
    page.close().verbatim("script", SCRIPT).close().close();
    return "<!DOCTYPE html>\n" + page;
  }

  private void navigation(Markup page) {
    page.open("nav", "aria-label", "Sections").open("ul");
    for (Section section : sections) {
      page.open("li").leaf("a", section.title(), "href", "#" + section.id()).close();
    }
    page.close().close();
  }

  private static String resource(String name) {
    try (InputStream in = Report.class.getResourceAsStream(name)) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String hash(String code) {
    try {
      byte[] digest =
          MessageDigest.getInstance("SHA-256").digest(code.getBytes(StandardCharsets.UTF_8));
      return "sha256-" + Base64.getEncoder().encodeToString(digest);
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError("every JDK has SHA-256", e);
    }
  }
}
