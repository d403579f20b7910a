package dev.shardmark.results.report;

/** A chapter of the page. */
interface Section {
  /** Where links to it lead. */
  String id();

  String title();

  /** Writes everything below the heading. */
  void write(Markup page);
}
