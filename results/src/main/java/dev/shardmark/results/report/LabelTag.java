package dev.shardmark.results.report;

import dev.shardmark.results.format.Label;
import java.util.Locale;

/** The mark that says where figures come from. */
final class LabelTag {
  private LabelTag() {}

  static void write(Markup page, Label label) {
    String name = label.name();
    page.leaf("span", name, "class", "label " + name.toLowerCase(Locale.ROOT));
  }
}
