package dev.shardmark.results.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.shardmark.results.format.Row;
import dev.shardmark.results.format.Run;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The page in a real browser; {@code -Dreport.chromium=required} makes a missing one a failure. */
class BrowserTest {
  /** Uses the page as a reader would, and leaves what it saw as attributes of the body. */
  private static final String READER =
      """
      const say = (name, value) => document.body.setAttribute("data-" + name, value);
      const rows = () => Array.from(document.querySelectorAll("#rows-table tbody tr"));
      const visible = () => rows().filter((row) => row.getClientRects().length > 0);
      const type = (text) => {
        document.getElementById("filter").value = text;
        document.getElementById("filter").dispatchEvent(new Event("input", { bubbles: true }));
      };
      const column = (n) => rows().map((row) => row.cells[n].dataset.value);
      const press = (n) => document.querySelectorAll("#rows-table th button")[n].click();
      const inside = (dot) => {
        const box = dot.getBoundingClientRect();
        const plot = dot.closest("svg").getBoundingClientRect();
        return box.width > 0 && box.left >= plot.left && box.right <= plot.right
          && box.top >= plot.top && box.bottom <= plot.bottom;
      };
      const dots = Array.from(document.querySelectorAll(".point"))
        .filter((dot) => !dot.closest("details:not([open])"));
      say("rows", visible().length);
      say("dots", dots.length);
      say("outside", dots.filter((dot) => !inside(dot)).length);
      say("wide", document.documentElement.scrollWidth > innerWidth);
      const faded = () => document.querySelectorAll(".roofline .faded").length;
      const key = document.querySelector(".families button");
      key.click();
      say("faded", faded());
      key.click();
      say("unfaded", faded());
      type("tp=1 tokens=1 llama-3.1-8b");
      say("filtered", visible().length);
      say("shown", document.getElementById("shown").textContent);
      type("-TensorParallel -Roof");
      say("without", visible().length);
      type("");
      document.getElementById("flagged").click();
      say("flagged", visible().length);
      document.getElementById("flagged").click();
      press(3);
      say("up", column(3).join(" "));
      say("direction", document.querySelector("#rows-table [aria-sort]").getAttribute("aria-sort"));
      press(3);
      say("down", column(3).join(" "));
      """;

  @TempDir private Path folder;
  private Chromium chromium;

  @BeforeEach
  void findBrowser() {
    Optional<Chromium> found = Chromium.find();
    if ("required".equals(System.getProperty("report.chromium"))) {
      assertThat(found).as("report.chromium=required, and none is on the PATH").isPresent();
    }
    assumeTrue(found.isPresent(), "no chromium, chromium-browser or google-chrome on the PATH");
    chromium = found.get();
  }

  @Test
  void thePageRunsWithoutAComplaint() throws Exception {
    for (Run run :
        List.of(
            Example.empty(),
            ExampleSweep.run(),
            ExampleAxes.run(),
            Example.renamed(n -> n + "<b'\"&"))) {
      Chromium.Outcome outcome = open(new Report(run).html());
      assertThat(outcome.console()).isEmpty();
      assertThat(outcome.dom()).contains("How to read this");
    }
  }

  @Test
  void aReaderCanSortAndFilter() throws Exception {
    Run run = Example.full();
    String seen = open(withReader(new Report(run).html())).dom();
    assertThat(seen(seen, "rows")).isEqualTo("" + run.rows().size());
    assertThat(seen(seen, "outside")).as("points outside their plot").isEqualTo("0");
    assertThat(seen(seen, "wide")).as("the page scrolls sideways").isEqualTo("false");

    List<Shard> shards = Shard.of(run, Names.SHARD);
    long open = shards.stream().filter(shard -> shard.view().contains("cold")).count();
    long kernels = Rows.kernels(run).size();
    assertThat(seen(seen, "dots")).isEqualTo("" + (3 * open + kernels));

    long gemm = run.rows().stream().filter(r -> r.ok() && r.benchmark().startsWith("Gemm")).count();
    assertThat(seen(seen, "faded")).isEqualTo("" + (kernels - gemm));
    assertThat(seen(seen, "unfaded")).isEqualTo("0");

    long wanted = run.rows().stream().map(Row::name).filter(BrowserTest::isWanted).count();
    assertThat(seen(seen, "filtered")).isEqualTo("" + wanted);
    assertThat(seen(seen, "shown")).isEqualTo(wanted + " of " + run.rows().size() + " rows");
    assertThat(seen(seen, "without"))
        .isEqualTo("" + run.rows().stream().map(Row::name).filter(BrowserTest::isKept).count());
    assertThat(seen(seen, "flagged"))
        .isEqualTo("" + (run.rows().stream().filter(BrowserTest::isFlagged).count()));

    List<Double> up = times(seen(seen, "up"));
    assertThat(up).isSorted().hasSize(Rows.good(run).size());
    assertThat(times(seen(seen, "down"))).isEqualTo(up.reversed());
    assertThat(seen(seen, "direction")).isEqualTo("ascending");
  }

  @Test
  void codeThatIsNotThePagesOwnIsRefusedAndSeen() throws Exception {
    String html = new Report(Example.empty()).html();
    Chromium.Outcome outcome =
        open(html.replace("</body>", "<script>document.body.id = 'ran'</script></body>"));
    assertThat(outcome.console()).anyMatch(line -> line.contains("Content Security Policy"));
    assertThat(outcome.dom()).doesNotContain("id=\"ran\"");
  }

  private Chromium.Outcome open(String html) throws Exception {
    Path page = folder.resolve("report.html");
    Files.writeString(page, html);
    return chromium.open(page, folder);
  }

  /** The page with the reader's script, which its policy is told of. */
  private static String withReader(String html) throws Exception {
    byte[] hash =
        MessageDigest.getInstance("SHA-256").digest(READER.getBytes(StandardCharsets.UTF_8));
    String source = "sha256-" + Base64.getEncoder().encodeToString(hash);
    return html.replace("script-src ", "script-src &#39;" + source + "&#39; ")
        .replace("</body>", "<script>" + READER + "</script></body>");
  }

  private static String seen(String dom, String name) {
    Matcher attribute = Pattern.compile("<body[^>]* data-" + name + "=\"([^\"]*)\"").matcher(dom);
    assertThat(attribute.find()).as("the reader's script came to " + name).isTrue();
    return attribute.group(1);
  }

  private static List<Double> times(String values) {
    return Stream.of(values.trim().split(" +")).map(Double::valueOf).toList();
  }

  private static boolean isKept(String name) {
    return !name.contains("TensorParallel") && !name.contains("Roof");
  }

  private static boolean isWanted(String name) {
    return name.contains("llama-3.1-8b")
        && (name + " ").contains(" tp=1 ")
        && (name + " ").contains(" tokens=1 ");
  }

  private static boolean isFlagged(Row row) {
    return !row.ok() || Rows.aboveRoof(row) || Rows.collapsed(row) || Rows.unchecked(row);
  }
}
