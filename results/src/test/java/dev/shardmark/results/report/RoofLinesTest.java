package dev.shardmark.results.report;

import static org.assertj.core.api.Assertions.assertThat;

import dev.shardmark.results.format.Roof;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RoofLinesTest {
  private static final Pattern LABEL =
      Pattern.compile("translate\\((\\S+) (\\S+)\\) rotate\\((\\S+)\\)\">([^<]+)<");

  private static final double LETTER = 7;
  private static final double LINE = 13;

  /** Where a label is: along the diagonals, and across them. */
  private record Label(String text, double from, double across) {
    boolean covers(Label other) {
      return from < other.from + LETTER * other.text.length()
          && other.from < from + LETTER * text.length()
          && Math.abs(across - other.across) < LINE;
    }
  }

  @ParameterizedTest
  @CsvSource({
    "210, 98, 44, 25",
    "78.9, 75.5, 57.6, 23.2",
    "100, 100, 100, 25",
    "48, 47, 46, 45",
    "76, 75, 27, 25",
  })
  void labelsDoNotCoverEachOther(double l1, double l2, double l3, double dram) {
    List<Roof> roofs =
        List.of(
            new Roof("fma", null, 1, 72, Roof.GFLOPS),
            new Roof("read", "L1", 1, l1, Roof.GBS),
            new Roof("read", "L2", 1, l2, Roof.GBS),
            new Roof("read", "L3", 1, l3, Roof.GBS),
            new Roof("read", "DRAM", 1, dram, Roof.GBS));
    List<Label> found = labels(roofs, 0.01);
    assertThat(found).hasSize(4);
    for (Label one : found) {
      assertThat(found)
          .filteredOn(other -> other != one && one.covers(other))
          .as(one.text())
          .isEmpty();
    }
  }

  @ParameterizedTest
  @CsvSource({"0.3, 2", "0.001, 3"})
  void aLabelThatHasNoRoomIsLeftOut(double low, int labels) {
    List<Roof> roofs = new ArrayList<>();
    roofs.add(new Roof("fma", null, 1, 72, Roof.GFLOPS));
    for (String level : List.of("L1", "L2", "L3", "DRAM")) {
      roofs.add(new Roof("read", level, 1, 50, Roof.GBS));
    }
    assertThat(labels(roofs, low)).hasSize(labels);
  }

  private static List<Label> labels(List<Roof> roofs, double low) {
    Markup markup = new Markup();
    Svg svg = new Svg(markup, 960, 540, "plot", "");
    Axis x = Axis.log("", low, 1000, Numbers::tick);
    Axis y = Axis.log("", 0.5, 120, Numbers::tick);
    RoofLines.of(roofs).draw(new Frame(svg, x, y, 62, 30, 870, 464));
    svg.close();
    List<Label> labels = new ArrayList<>();
    Matcher label = LABEL.matcher(markup.toString());
    while (label.find()) {
      double px = Double.parseDouble(label.group(1));
      double py = Double.parseDouble(label.group(2));
      double angle = Math.toRadians(Double.parseDouble(label.group(3)));
      double along = px * Math.cos(angle) + py * Math.sin(angle);
      double across = py * Math.cos(angle) - px * Math.sin(angle);
      labels.add(new Label(label.group(4), along, across));
    }
    return labels;
  }
}
